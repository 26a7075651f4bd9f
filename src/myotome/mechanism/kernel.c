/* The kernel in C: the steps of reference.py, a block of people at a time, in float or double.
 *
 * No -ffast-math: what is healthy stays exactly 0, and a state that is no number is seen.
 */
#include "kernel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Run-time dispatch by processor: one clone for each vector width, chosen when the library is loaded. */
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && defined(__linux__)
#if __GNUC__ >= 12
#define DISPATCH __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define DISPATCH __attribute__((target_clones("avx512f", "avx2", "default")))
#endif
#else
#define DISPATCH
#endif

#define INLINE static inline __attribute__((always_inline))

#define NAMED(name) P_##name,
enum { PARAMETERS(NAMED) PARAMETER_COUNT };
#define WEIGHED(name) Q_##name,
enum { READINGS(WEIGHED) READING_COUNT };

enum { FLOW, RECEPTORS, SHORTENING, ISCHAEMIA, NOCICEPTORS, POTENTIAL, TENDON, HYPERAEMIA, TRAUMA, SORENESS, STATES };
enum { ROOT, CENTRAL, LEVEL_STATES };

#define LISTED(name) #name " "
EXPORT const char *myotome_mechanism_names(int32_t readings)
{
    return readings ? READINGS(LISTED) : PARAMETERS(LISTED);
}

#define REAL float
#define LANES 16
#define NAME(name) name##_narrow
#include "lanes.h"
#undef REAL
#undef LANES
#undef NAME

#define REAL double
#define LANES 8
#define NAME(name) name##_wide
#include "lanes.h"

/* Numbers below 1e-38 (float) or 1e-308 (double) are taken for 0: what fades would otherwise slow the processor. */
#if defined(__SSE2__)
#include <xmmintrin.h>
static unsigned flush_subnormal(void)
{
    const unsigned before = _mm_getcsr();
    _mm_setcsr(before | 0x8040);
    return before;
}
static void restore(unsigned before)
{
    _mm_setcsr(before);
}
#else
static unsigned flush_subnormal(void)
{
    return 0;
}
static void restore(unsigned before)
{
    (void)before;
}
#endif

EXPORT int32_t myotome_mechanism_lanes(int32_t wide)
{
    return wide ? 8 : 16;
}

/* Blocks `first` to `last` of the chosen people; 1 where there was no memory. */
EXPORT int32_t myotome_mechanism_run(const Body *body, const Course *course, const Run *run, int32_t first,
                                     int32_t last, int32_t wide)
{
    const size_t rows = (size_t)body->muscles * (STATES + 5) + (size_t)body->levels * 8;
    const size_t bytes = rows * (wide ? 8 * sizeof(double) : 16 * sizeof(float));
    char *memory = malloc(bytes + 64);
    if (!memory)
        return 1;
    void *aligned = (void *)(((uintptr_t)memory + 63) / 64 * 64);
    const unsigned before = flush_subnormal();
    for (int32_t block = first; block < last; block++) {
        if (wide)
            run_wide(body, course, run, block, aligned);
        else
            run_narrow(body, course, run, block, aligned);
    }
    restore(before);
    free(memory);
    return 0;
}
