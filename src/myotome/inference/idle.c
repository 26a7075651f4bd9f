/* Before the blocks of lanes: what is the same in every lane of the call.
 *
 * A bucket is idle where nothing at or below it was examined and its weights are equal in all lanes.
 * Idle buckets send one and the same message in every lane, so it is computed once, for one lane,
 * and folded into the constants of the bucket that takes it.
 */
#include "kernel.h"

#include <math.h>

static void find_live(const Network *net, const Plan *plan, const Given *given, Step *step)
{
    const int32_t columns = given->weight_columns;
    for (int32_t b = 0; b < plan->buckets; b++) {
        const Bucket *bucket = plan->bucket + b;
        int live = step[b].live || bucket->evident;
        for (int32_t x = net->state_at[bucket->variable]; x < net->state_at[bucket->variable + 1]; x++) {
            const double *weight = given->weights + (int64_t)x * columns;
            for (int32_t l = 1; l < columns && !live; l++)
                live = weight[l] != weight[0];
        }
        step[b].live = live;
        if (live && bucket->parent >= 0)
            step[bucket->parent].live = 1;
    }
}

/* Couplings of a bucket times the messages of its idle children. */
static const double *fold_children(const Plan *plan, Work *work, const Bucket *bucket)
{
    const double *constant = plan->constant + bucket->constant_at;
    double *folded = work->folded + bucket->constant_at;
    for (int32_t c = bucket->first_child; c >= 0; c = plan->bucket[c].next) {
        if (work->step[c].live)
            continue;
        const double *message = work->idle_message + plan->bucket[c].message_at;
        const int32_t *map = plan->map + plan->bucket[c].parent_map;
        for (int32_t i = 0; i < bucket->entries; i++)
            folded[i] = constant[i] * message[map[i]];
        constant = folded;
    }
    return constant;
}

static void send_idle(const Bucket *bucket, Work *work, Step *step, const double *own, int32_t columns)
{
    const int32_t m = bucket->separator;
    double *message = work->idle_message + bucket->message_at, total = 0.0;
    double *inverse = work->idle_inverse + bucket->message_at;
    int shift = 0;
    for (int32_t s = 0; s < m; s++) {
        double sum = 0.0;
        for (int32_t x = 0; x < bucket->card; x++)
            sum += own[(int64_t)x * columns] * step->plain[x * m + s];
        message[s] = sum;
        total += sum;
    }
    frexp(total, &shift);
    step->scale = ldexp(1.0, -shift);
    work->idle_shift += shift;
    for (int32_t s = 0; s < m; s++) {
        message[s] *= step->scale;
        inverse[s] = message[s] > 0.0 ? 1.0 / message[s] : 0.0;
    }
    if (bucket->parent < 0)
        work->idle_total *= message[0];
}

static void take_step(const Network *net, const Plan *plan, Work *work, int32_t b)
{
    const Bucket *bucket = plan->bucket + b;
    const int32_t state = net->state_at[bucket->variable];
    Step *step = work->step + b;
    step->bucket = b;
    step->entries = bucket->entries;
    step->separator = bucket->separator;
    step->card = bucket->card;
    step->evident = bucket->first_up >= 0;
    step->asked = bucket->first_down >= 0;
    step->plain = fold_children(plan, work, bucket);
    step->table = work->tables + bucket->table_at;
    step->own = work->own + state;
    step->cavity = work->cavity + state;
    step->message = work->messages + bucket->message_at;
    step->outer = work->incoming + bucket->message_at;
    for (int32_t c = bucket->first_child; c >= 0; c = plan->bucket[c].next) {
        step->asked |= !work->step[c].live;
        if (!work->step[c].live)
            continue;
        step->children++;
        step->run = plan->bucket[c].parent_run;
        step->map = plan->map + plan->bucket[c].parent_map;
        step->link = work->messages + plan->bucket[c].message_at;
        step->back = work->incoming + plan->bucket[c].message_at;
    }
}

void start_call(const Network *net, const Plan *plan, const Given *given, Work *work)
{
    work->idle_total = 1.0;
    find_live(net, plan, given, work->step);
    for (int32_t b = 0; b < plan->buckets; b++) {
        const Bucket *bucket = plan->bucket + b;
        const double *own = given->weights + (int64_t)net->state_at[bucket->variable] * given->weight_columns;
        take_step(net, plan, work, b);
        if (!work->step[b].live)
            send_idle(bucket, work, work->step + b, own, given->weight_columns);
    }
}
