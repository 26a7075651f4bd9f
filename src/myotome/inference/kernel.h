/* What the parts of the kernel share: the network, its layout for some nodes, and the work space.
 *
 *   elimination.c  the order in which variables are summed out
 *   layout.c       the tables that the examined and wanted nodes need, made anew for each examination
 *   idle.c         what is the same in every lane of a call, computed once
 *   rows.h, upward.h, downward.h, kernel.c   the sums, eight lanes at a time
 *
 * The same steps stand in elimination.py, layout.py and reference.py, which the kernel must equal.
 */
#ifndef MYOTOME_KERNEL_H
#define MYOTOME_KERNEL_H

#include <stdint.h>

#define WIDTH 8 /* lanes run together: one cache line of doubles */
#define MOST 64 /* variables: sets of them are the bits of one word */

#if defined(_WIN32)
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif

/* ---- the network: constants, mirrored field for field in native.py ---- */

typedef struct {
    int32_t variables, states, scopes, nodes, couplings;
    int32_t coupling_bits; /* bound on |log2| of the product of all couplings */
    const int32_t *card, *state_at;
    const int32_t *scope_at, *scope_variable, *scope_size; /* variables rising, the first as top digit */
    const int32_t *node_scope, *node_at;
    const int32_t *coupled, *coupling_at; /* two variables each, and where the table begins */
    const double *coupling, *p, *q;
} Network;

/* ---- the layout: depends on which nodes are examined and wanted, and on nothing else ---- */

/* The table in which one variable is summed out; its own variable is the top digit. */
typedef struct {
    int32_t variable, card, separator, entries; /* entries = card * separator */
    int32_t parent;                             /* bucket that takes its message, or -1 */
    int32_t first_child, next;                  /* list of the buckets whose message arrives here */
    int32_t evident;                            /* an examined node lies at or below it */
    int32_t first_up, first_down;               /* lists of the groups multiplied in, and read */
    int32_t parent_run;                         /* neighbouring entries of the map that are equal */
    int64_t parent_map;                         /* for each entry of the parent: index into the message */
    int64_t constant_at, message_at, table_at;  /* in entries */
} Bucket;

/* All nodes of one scope. It is multiplied into, and read from, a larger group or a bucket. */
typedef struct {
    int32_t scope, size;
    int32_t first_active, actives; /* rows of evidence, in `row` */
    int32_t first_wanted, wanteds; /* places among the wanted nodes, in `place` */
    int32_t up_host, up_next;      /* the larger group, or -1 for a bucket; the next group there */
    int32_t first_up;              /* list of the groups that it takes in */
    int32_t down_host, down_next;
    int32_t down_run;
    int64_t up_map, down_map;
    int64_t table_at;
} Group;

typedef struct {
    int32_t buckets, groups, active, wanted;
    Bucket *bucket; /* in the order of elimination: children before parents */
    Group *group;   /* smallest first: a table is complete before a larger one takes it */
    int32_t *row, *place, *node_of_row, *node_of_place, *row_of_place;
    int32_t *map;
    double *constant;
    int64_t table_size, constant_size, message_size, group_size, largest;
} Plan;

/* ---- the work space of one thread ---- */

typedef double Row __attribute__((vector_size(8 * WIDTH)));

/* One bucket of one call, with everything found that the blocks of lanes need again and again. */
typedef struct {
    int32_t bucket, live, asked, evident; /* asked: the belief of every entry is needed */
    int32_t entries, separator, card;
    int32_t children, run; /* live children; `run`, `link`, `back` and `map` are of the last */
    const int32_t *map;
    const double *plain; /* couplings and idle messages */
    Row *table, *own, *message, *outer, *cavity, *link, *back;
    double scale; /* of the message of an idle bucket */
} Step;

typedef struct {
    Row *tables, *messages, *incoming, *groups, *belief, *rest, *own, *cavity, *on, *off, *scale;
    double *folded, *idle_message, *idle_inverse;
    Step step[MOST];
    double idle_total;
    int64_t idle_shift;
    int careful; /* evidence so extreme that products are rescaled on the way */
} Work;

/* One call: arrays of rows with a column for every lane, or one column for all lanes. */
typedef struct {
    const double *on, *off, *weights;
    int32_t lanes, on_columns, off_columns, weight_columns;
} Given;

typedef uint64_t Set;
#define ONLY(v) ((Set)1 << (v))
#define EACH(v, set) \
    for (Set left_##v = (set); left_##v && ((v) = __builtin_ctzll(left_##v), 1); left_##v &= left_##v - 1)

void eliminate(const Network *net, Set *near, int32_t *order, Set *separator);
void start_call(const Network *net, const Plan *plan, const Given *given, Work *work);

#endif
