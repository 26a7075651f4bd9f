/* The kernel in C: the same sums as reference.py, eight lanes at a time.
 *
 * No -ffast-math: the reference is equalled to 1e-12.
 */
#include "kernel.h"

#include <math.h>

#include "downward.h"
#include "upward.h"

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

/* Doubles of work space that a call needs. */
EXPORT int64_t myotome_workspace(const Network *net, const Plan *plan)
{
    const int64_t rows = plan->table_size + 2 * plan->message_size + plan->group_size + 2 * plan->largest +
                         2 * (int64_t)net->states + 2 * (int64_t)plan->active + plan->buckets;
    return (rows + 1) * WIDTH + plan->constant_size + 2 * plan->message_size;
}

static void divide(const Network *net, const Plan *plan, double *memory, Work *work)
{
    Row *at = (Row *)(((uintptr_t)memory + sizeof(Row) - 1) / sizeof(Row) * sizeof(Row));
    memset(work, 0, sizeof *work);
    work->tables = at;
    work->messages = work->tables + plan->table_size;
    work->incoming = work->messages + plan->message_size;
    work->groups = work->incoming + plan->message_size;
    work->belief = work->groups + plan->group_size;
    work->rest = work->belief + plan->largest;
    work->own = work->rest + plan->largest;
    work->cavity = work->own + net->states;
    work->on = work->cavity + net->states;
    work->off = work->on + plan->active;
    work->scale = work->off + plan->active;
    work->folded = (double *)(work->scale + plan->buckets);
    work->idle_message = work->folded + plan->constant_size;
    work->idle_inverse = work->idle_message + plan->message_size;
}

/* `log_z` has one row, and with `back` one more for each state and for each wanted node. */
EXPORT DISPATCH void myotome_run(const Network *net, const Plan *plan, int32_t lanes, int32_t on_columns,
                                 int32_t off_columns, int32_t weight_columns, const double *on,
                                 const double *off, const double *weights, double *memory, double *log_z,
                                 int32_t back)
{
    double *cavity = log_z + lanes, *silent = cavity + (int64_t)net->states * lanes;
    const Given given = {on, off, weights, lanes, on_columns, off_columns, weight_columns};
    Work work;
    divide(net, plan, memory, &work);
    start_call(net, plan, &given, &work);
    for (int32_t at = 0; at < lanes; at += WIDTH) {
        Row total = ALL(work.idle_total), shift = ALL((double)work.idle_shift);
        load(work.on, on, plan->active, on_columns, at);
        load(work.off, off, plan->active, off_columns, at);
        load(work.own, weights, net->states, weight_columns, at);
        work.careful = is_extreme(net, plan, &work);
        group_tables(net, plan, &work, &total, &shift);
        sweep_up(plan, &work, &total, &shift);
        for (int32_t l = 0; l < WIDTH && at + l < lanes; l++)
            log_z[at + l] = log(total[l]) + shift[l] * 0.693147180559945309417;
        if (back) {
            sweep_down(net, plan, &work, cavity, lanes, at);
            node_sums(net, plan, &work, silent, lanes, at);
        }
    }
}
