/* A row is one entry of a table in eight lanes; the compiler splits it to what the processor has. */
#ifndef MYOTOME_ROWS_H
#define MYOTOME_ROWS_H

#include "kernel.h"

#include <string.h>

#define INLINE static inline __attribute__((always_inline))

typedef uint64_t Bits __attribute__((vector_size(8 * WIDTH)));

typedef int64_t Signed __attribute__((vector_size(8 * WIDTH)));

#define ALL(value) ((Row){0} + (value))
/* `a` in the lanes where `test` holds, else `b`. */
#define PICK(test, a, b) ((Row)(((Bits)(test) & (Bits)(a)) | (~(Bits)(test) & (Bits)(b))))

/* The last lane is repeated where fewer than eight are left. */
INLINE void load(Row *to, const double *from, int32_t rows, int32_t columns, int32_t at)
{
    for (int32_t r = 0; r < rows; r++) {
        const double *row = from + (int64_t)r * columns;
        __builtin_prefetch(row + at + WIDTH, 0); /* for the next block: rows lie too far apart for the processor to guess */
        if (at + WIDTH <= columns)
            memcpy(to + r, row + at, sizeof(Row));
        else
            for (int32_t l = 0; l < WIDTH; l++)
                to[r][l] = row[at + l < columns ? at + l : columns - 1];
    }
}

INLINE void store(double *to, const Row *value, int32_t lanes, int32_t at)
{
    if (at + WIDTH <= lanes)
        memcpy(to + at, value, sizeof(Row));
    else
        memcpy(to + at, value, sizeof(double) * (size_t)(lanes - at));
}

/* The power of two, exact, that brings each lane near 1; its exponent goes to `shift`. */
INLINE void power_of(Row *scale, const Row *value, Row *shift)
{
    const Bits exponent = ((Bits)*value >> 52) & 0x7ff;
    *scale = (Row)((2046 - exponent) << 52);
    for (int l = 0; l < WIDTH; l++)
        (*shift)[l] += (double)((int64_t)exponent[l] - 1023);
}

/* Each lane's |log2| of a value, rounded up, is added to `bits`; a zero counts as a thousand. */
INLINE void add_bits(Bits *bits, const Row *value)
{
    const Signed exponent = (Signed)(((Bits)*value >> 52) & 0x7ff) - 1023;
    const Signed sign = exponent >> 63;
    *bits += (Bits)((exponent ^ sign) - sign) + 1;
}

INLINE void rescale(Row *table, int32_t n, Row *scale, Row *shift)
{
    Row peak = table[0];
    for (int32_t i = 1; i < n; i++)
        peak = PICK(table[i] > peak, table[i], peak);
    power_of(scale, &peak, shift);
    for (int32_t i = 0; i < n; i++)
        table[i] *= *scale;
}

/* `run` neighbouring entries go to one and the same place: they are added up before they are stored. */
INLINE void gather(Row *restrict to, int32_t n, const Row *restrict from, const int32_t *restrict map,
                   int32_t run, int32_t entries)
{
    memset(to, 0, sizeof(Row) * (size_t)n);
    for (int32_t i = 0; i < entries; i += run) {
        Row sum = from[i];
        for (int32_t k = 1; k < run; k++)
            sum += from[i + k];
        to[map[i]] += sum;
    }
}

/* The live children of a bucket. */
INLINE int32_t live_children(const Plan *plan, const Work *work, int32_t b, int32_t *child)
{
    int32_t n = 0;
    for (int32_t c = plan->bucket[b].first_child; c >= 0; c = plan->bucket[c].next)
        if (work->step[c].live)
            child[n++] = c;
    return n;
}

#endif
