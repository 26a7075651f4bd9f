/* The kernel in plain C99: the same sums as reference.py, eight lanes at a time.
 *
 * Tables are [entry][WIDTH]; the inner loop over lanes has a constant length, so the compiler
 * turns it into vector instructions. No -ffast-math: the reference is equalled to 1e-12.
 */
#include <math.h>
#include <stdint.h>
#include <string.h>

#define WIDTH 8

/* Run-time dispatch by processor: one clone for each vector width, chosen when the library is loaded. */
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && defined(__linux__)
#define DISPATCH __attribute__((target_clones("arch=skylake-avx512", "arch=haswell", "default")))
#else
#define DISPATCH
#endif

#if defined(__GNUC__)
#define INLINE static inline __attribute__((always_inline))
#else
#define INLINE static inline
#endif

typedef struct {
    int32_t buckets, groups, nodes, states;
    /* per bucket */
    const int32_t *variable, *card, *separator_size, *entries;
    const int64_t *table_at, *message_at;
    const int32_t *first_group, *first_child; /* ranges into the two lists below, length buckets + 1 */
    const int32_t *bucket_group, *child;
    const int64_t *child_map_at;
    const double *constant;
    /* per group, smallest first */
    const int32_t *group_size, *group_host, *group_bucket;
    const int64_t *group_at, *group_map_at;
    const int32_t *group_target; /* length of its map: entries of its host or bucket */
    const int32_t *first_node, *group_node; /* nodes of each group */
    const int32_t *maps;
    const int32_t *state_offset, *node_offset;
    const double *p, *q;
    int64_t table_size, message_size, group_table_size;
} Tree;

INLINE void multiply_by_map(double *restrict t, const double *restrict f,
                                   const int32_t *restrict map, int32_t n)
{
    for (int32_t i = 0; i < n; i++) {
        const double *row = f + (int64_t)map[i] * WIDTH;
        for (int l = 0; l < WIDTH; l++)
            t[(int64_t)i * WIDTH + l] *= row[l];
    }
}

INLINE void copy_by_map(double *restrict t, const double *restrict f,
                               const int32_t *restrict map, int32_t n)
{
    for (int32_t i = 0; i < n; i++) {
        const double *row = f + (int64_t)map[i] * WIDTH;
        for (int l = 0; l < WIDTH; l++)
            t[(int64_t)i * WIDTH + l] = row[l];
    }
}

INLINE void add_by_map(double *restrict f, const double *restrict t,
                              const int32_t *restrict map, int32_t n)
{
    for (int32_t i = 0; i < n; i++) {
        double *row = f + (int64_t)map[i] * WIDTH;
        for (int l = 0; l < WIDTH; l++)
            row[l] += t[(int64_t)i * WIDTH + l];
    }
}

/* row_of[node]: row of the evidence arrays, or -1 where the node was not examined. */
INLINE void group_tables(const Tree *t, const int32_t *row_of, int64_t stride, const double *on,
                                const double *off, double *restrict work, uint8_t *restrict live)
{
    memset(live, 0, (size_t)t->groups);
    for (int32_t g = 0; g < t->groups; g++) {
        double *restrict table = work + t->group_at[g] * WIDTH;
        for (int32_t k = t->first_node[g]; k < t->first_node[g + 1]; k++) {
            const int32_t node = t->group_node[k], row = row_of[node];
            if (row < 0)
                continue;
            const double *restrict p = t->p + t->node_offset[node], *restrict q = t->q + t->node_offset[node];
            const double *restrict a = on + row * stride, *restrict b = off + row * stride;
            const int32_t n = t->group_size[g];
            if (!live[g]) {
                for (int32_t i = 0; i < n; i++)
                    for (int l = 0; l < WIDTH; l++)
                        table[(int64_t)i * WIDTH + l] = p[i] * a[l] + q[i] * b[l];
                live[g] = 1;
            } else {
                for (int32_t i = 0; i < n; i++)
                    for (int l = 0; l < WIDTH; l++)
                        table[(int64_t)i * WIDTH + l] *= p[i] * a[l] + q[i] * b[l];
            }
        }
    }
    for (int32_t g = 0; g < t->groups; g++) {
        const int32_t host = t->group_host[g];
        if (!live[g] || host < 0)
            continue;
        double *target = work + t->group_at[host] * WIDTH;
        const double *table = work + t->group_at[g] * WIDTH;
        const int32_t *map = t->maps + t->group_map_at[g];
        if (live[host])
            multiply_by_map(target, table, map, t->group_target[g]);
        else
            copy_by_map(target, table, map, t->group_target[g]);
        live[host] = 1;
    }
}

INLINE void sweep_up(const Tree *t, int64_t stride, const double *weights, const double *group_work,
                            const uint8_t *live, double *restrict tables, double *restrict messages,
                            double *restrict log_scale, double *restrict scales)
{
    for (int l = 0; l < WIDTH; l++)
        log_scale[l] = 0.0;
    for (int32_t b = 0; b < t->buckets; b++) {
        double *restrict table = tables + t->table_at[b] * WIDTH;
        const double *constant = t->constant + t->table_at[b];
        const int32_t n = t->entries[b];
        for (int32_t i = 0; i < n; i++)
            for (int l = 0; l < WIDTH; l++)
                table[(int64_t)i * WIDTH + l] = constant[i];
        for (int32_t k = t->first_group[b]; k < t->first_group[b + 1]; k++) {
            const int32_t g = t->bucket_group[k];
            if (live[g])
                multiply_by_map(table, group_work + t->group_at[g] * WIDTH, t->maps + t->group_map_at[g], n);
        }
        for (int32_t k = t->first_child[b]; k < t->first_child[b + 1]; k++)
            multiply_by_map(table, messages + t->message_at[t->child[k]] * WIDTH, t->maps + t->child_map_at[k], n);
        if (b == t->buckets - 1)
            break;
        double *restrict message = messages + t->message_at[b] * WIDTH;
        const int32_t m = t->separator_size[b];
        const double *own = weights + (int64_t)t->state_offset[t->variable[b]] * stride;
        double total[WIDTH] = {0};
        for (int32_t i = 0; i < m; i++) {
            double sum[WIDTH] = {0};
            for (int32_t x = 0; x < t->card[b]; x++)
                for (int l = 0; l < WIDTH; l++)
                    sum[l] += own[x * stride + l] * table[((int64_t)x * m + i) * WIDTH + l];
            for (int l = 0; l < WIDTH; l++) {
                message[(int64_t)i * WIDTH + l] = sum[l];
                total[l] += sum[l];
            }
        }
        double inverse[WIDTH];
        for (int l = 0; l < WIDTH; l++) {
            inverse[l] = 1.0 / total[l];
            log_scale[l] += log(total[l]);
            scales[(int64_t)b * WIDTH + l] = total[l];
        }
        for (int32_t i = 0; i < m; i++)
            for (int l = 0; l < WIDTH; l++)
                message[(int64_t)i * WIDTH + l] *= inverse[l];
    }
}

/* Work space in doubles for one block of lanes. */
int64_t myotome_workspace(const Tree *t)
{
    return (t->table_size + 2 * t->message_size + t->group_table_size + t->buckets) * WIDTH + t->groups / 8 + 8;
}

DISPATCH
void myotome_evidence(const Tree *t, int32_t lanes, const int32_t *row_of, const double *on, const double *off,
                      const double *weights, double *work, double *log_z)
{
    double *tables = work, *messages = tables + t->table_size * WIDTH;
    double *groups = messages + t->message_size * WIDTH;
    double *scales = groups + t->group_table_size * WIDTH;
    uint8_t *live = (uint8_t *)(scales + (int64_t)t->buckets * WIDTH);
    const int32_t last = t->buckets - 1;
    const int64_t first = t->state_offset[t->variable[last]];
    for (int32_t at = 0; at < lanes; at += WIDTH) {
        double scale[WIDTH];
        group_tables(t, row_of, lanes, on + at, off + at, groups, live);
        sweep_up(t, lanes, weights + at, groups, live, tables, messages, scale, scales);
        const double *table = tables + t->table_at[last] * WIDTH;
        for (int l = 0; l < WIDTH; l++) {
            double total = 0.0;
            for (int32_t x = 0; x < t->card[last]; x++)
                total += table[x * WIDTH + l] * weights[(first + x) * lanes + at + l];
            log_z[at + l] = scale[l] + log(total);
        }
    }
}

INLINE void sweep_down(const Tree *t, int64_t stride, const double *weights, double *restrict tables,
                              const double *restrict messages, double *restrict incoming,
                              const double *scale, const double *restrict scales, double *log_z,
                              double *cavity)
{
    memset(incoming, 0, sizeof(double) * (size_t)(t->message_size * WIDTH));
    for (int32_t b = t->buckets - 1; b >= 0; b--) {
        double *restrict table = tables + t->table_at[b] * WIDTH;
        const int32_t m = t->separator_size[b], card = t->card[b];
        const int64_t first = t->state_offset[t->variable[b]];
        const double *own = weights + first * stride;
        double root[WIDTH];
        double *outer = incoming + t->message_at[b] * WIDTH;
        if (b == t->buckets - 1) {
            double total[WIDTH] = {0};
            for (int32_t x = 0; x < card; x++)
                for (int l = 0; l < WIDTH; l++)
                    total[l] += own[x * stride + l] * table[(int64_t)x * WIDTH + l];
            for (int l = 0; l < WIDTH; l++) {
                log_z[l] = scale[l] + log(total[l]);
                root[l] = 1.0 / total[l];
            }
            outer = root;
        } else {
            const double *message = messages + t->message_at[b] * WIDTH;
            for (int32_t i = 0; i < m; i++)
                for (int l = 0; l < WIDTH; l++) {
                    const double sent = message[(int64_t)i * WIDTH + l] * scales[(int64_t)b * WIDTH + l];
                    double *d = outer + (int64_t)i * WIDTH + l;
                    *d = sent > 0.0 ? *d / sent : 0.0;
                }
        }
        for (int32_t x = 0; x < card; x++) {
            double sum[WIDTH] = {0};
            for (int32_t i = 0; i < m; i++) {
                double *row = table + ((int64_t)x * m + i) * WIDTH;
                for (int l = 0; l < WIDTH; l++) {
                    const double free = row[l] * outer[i * WIDTH + l];
                    sum[l] += free;
                    row[l] = free * own[x * stride + l];
                }
            }
            for (int l = 0; l < WIDTH; l++)
                cavity[(first + x) * stride + l] = sum[l];
        }
        for (int32_t k = t->first_child[b]; k < t->first_child[b + 1]; k++)
            add_by_map(incoming + t->message_at[t->child[k]] * WIDTH, table, t->maps + t->child_map_at[k],
                       t->entries[b]);
    }
}

INLINE void node_sums(const Tree *t, int64_t stride, const int32_t *row_of, const double *on,
                             const double *off, const int32_t *place_of, const double *tables,
                             double *restrict beliefs, uint8_t *restrict live, double *silent)
{
    /* Only groups that hold a wanted node, or host one that does. */
    memset(live, 0, (size_t)t->groups);
    for (int32_t g = 0; g < t->groups; g++) {
        for (int32_t k = t->first_node[g]; k < t->first_node[g + 1]; k++)
            live[g] |= place_of[t->group_node[k]] >= 0;
        if (live[g] && t->group_host[g] >= 0)
            live[t->group_host[g]] = 1;
    }
    memset(beliefs, 0, sizeof(double) * (size_t)(t->group_table_size * WIDTH));
    for (int32_t g = t->groups - 1; g >= 0; g--) {
        if (!live[g])
            continue;
        const int32_t host = t->group_host[g];
        const double *source = host >= 0 ? beliefs + t->group_at[host] * WIDTH
                                         : tables + t->table_at[t->group_bucket[g]] * WIDTH;
        double *restrict belief = beliefs + t->group_at[g] * WIDTH;
        add_by_map(belief, source, t->maps + t->group_map_at[g], t->group_target[g]);
        for (int32_t k = t->first_node[g]; k < t->first_node[g + 1]; k++) {
            const int32_t node = t->group_node[k], row = row_of[node], n = t->group_size[g];
            if (place_of[node] < 0)
                continue;
            const double *restrict p = t->p + t->node_offset[node], *restrict q = t->q + t->node_offset[node];
            double sum[WIDTH] = {0};
            if (row < 0) {
                for (int32_t i = 0; i < n; i++)
                    for (int l = 0; l < WIDTH; l++)
                        sum[l] += q[i] * belief[(int64_t)i * WIDTH + l];
            } else {
                const double *restrict a = on + row * stride, *restrict b = off + row * stride;
                for (int32_t i = 0; i < n; i++)
                    for (int l = 0; l < WIDTH; l++)
                        sum[l] += q[i] * belief[(int64_t)i * WIDTH + l] / (p[i] * a[l] + q[i] * b[l]);
            }
            for (int l = 0; l < WIDTH; l++)
                silent[(int64_t)place_of[node] * stride + l] = sum[l];
        }
    }
}

DISPATCH
void myotome_both(const Tree *t, int32_t lanes, const int32_t *row_of, const double *on, const double *off,
                  const double *weights, int32_t wanted, const int32_t *place_of, double *work, double *log_z,
                  double *cavity, double *silent)
{
    double *tables = work, *messages = tables + t->table_size * WIDTH;
    double *groups = messages + t->message_size * WIDTH;
    double *incoming = groups + t->group_table_size * WIDTH;
    double *scales = incoming + t->message_size * WIDTH;
    uint8_t *live = (uint8_t *)(scales + (int64_t)t->buckets * WIDTH);
    for (int32_t at = 0; at < lanes; at += WIDTH) {
        double scale[WIDTH];
        group_tables(t, row_of, lanes, on + at, off + at, groups, live);
        sweep_up(t, lanes, weights + at, groups, live, tables, messages, scale, scales);
        sweep_down(t, lanes, weights + at, tables, messages, incoming, scale, scales, log_z + at, cavity + at);
        if (wanted)
            node_sums(t, lanes, row_of, on + at, off + at, place_of, tables, groups, live, silent + at);
    }
}
