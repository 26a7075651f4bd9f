/* The sweep back from the roots: cavities of all states and the sums of the wanted nodes.
 *
 * What comes in to a bucket, times its message, is the marginal of its separator. Nothing is divided
 * by a live message, so those may hold zeros.
 */
#ifndef MYOTOME_DOWNWARD_H
#define MYOTOME_DOWNWARD_H

#include "rows.h"

/* Cavities, what goes back to the one child, and (where not NULL) the belief of every entry. */
INLINE void send_back(const Step *step, const Row *restrict table, const double *restrict plain, int linked,
                      Row *restrict belief)
{
    const Row *restrict outer = step->outer, *restrict link = step->link;
    const int32_t m = step->separator, run = linked ? step->run : 1, *restrict map = step->map;
    Row *restrict back = step->back;
    const int once = run == m; /* each place is written once */
    if (linked && !once)
        memset(back, 0, sizeof(Row) * (size_t)(map[step->entries - 1] + 1));
    for (int32_t x = 0; x < step->card; x++) {
        Row sum = {0};
        const Row weight = step->own[x];
        for (int32_t s = 0; s < m; s += run) {
            const int32_t i = x * m + s, to = linked ? map[i] : 0;
            const Row other = linked ? link[to] : ALL(1.0);
            Row free = {0};
            for (int32_t k = 0; k < run; k++) {
                const Row term = plain ? plain[i + k] * outer[s + k] : table[i + k] * outer[s + k];
                free += term;
                if (belief)
                    belief[i + k] = linked ? term * weight * other : term * weight;
            }
            if (linked)
                back[to] = once ? free * weight : back[to] + free * weight;
            sum += linked ? free * other : free;
        }
        step->cavity[x] = sum;
    }
}

/* What goes back to one of several children; `rest` takes in its message for those that follow. */
INLINE void send_one_back(const Plan *plan, const Work *work, int32_t child, Row *restrict rest,
                          const Row *restrict table, const double *restrict plain, int32_t n)
{
    const Bucket *to = plan->bucket + child;
    const Row *restrict link = work->messages + to->message_at;
    const int32_t *restrict map = plan->map + to->parent_map;
    Row *restrict back = work->incoming + to->message_at;
    memset(back, 0, sizeof(Row) * (size_t)to->separator);
    for (int32_t i = 0; i < n; i++) {
        back[map[i]] += plain ? plain[i] * rest[i] : table[i] * rest[i];
        rest[i] *= link[map[i]];
    }
}

/* Several children: `rest` runs from the outside in, the tables of take_messages from the inside out. */
INLINE void send_back_many(const Plan *plan, Work *work, const Step *step)
{
    const int32_t n = step->entries, m = step->separator, *restrict map = step->map;
    const double *restrict plain = step->evident ? NULL : step->plain;
    const Row *restrict first = step->table, *restrict link = step->link, *restrict outer = step->outer;
    const Row *restrict last = first + (int64_t)(step->children - 1) * n;
    Row *restrict rest = work->rest, *restrict belief = work->belief;
    int32_t child[MOST];
    live_children(plan, work, step->bucket, child);
    for (int32_t x = 0; x < step->card; x++) {
        Row sum = {0};
        for (int32_t i = x * m, s = 0; s < m; i++, s++) {
            sum += last[i] * link[map[i]] * outer[s];
            rest[i] = outer[s] * step->own[x];
        }
        step->cavity[x] = sum;
    }
    for (int32_t k = step->children - 1; k >= 0; k--)
        if (k == 0 && plain)
            send_one_back(plan, work, child[k], rest, NULL, plain, n);
        else
            send_one_back(plan, work, child[k], rest, first + (int64_t)k * n, NULL, n);
    for (int32_t i = 0; i < n; i++)
        belief[i] = plain ? plain[i] * rest[i] : first[i] * rest[i];
}

INLINE void open_bucket(const Plan *plan, Work *work, const Step *step)
{
    if (step->children > 1)
        send_back_many(plan, work, step);
    else if (step->children && step->evident && step->asked)
        send_back(step, step->table, NULL, 1, work->belief);
    else if (step->children && step->evident)
        send_back(step, step->table, NULL, 1, NULL);
    else if (step->children && step->asked)
        send_back(step, NULL, step->plain, 1, work->belief);
    else if (step->children)
        send_back(step, NULL, step->plain, 1, NULL);
    else if (step->evident && step->asked)
        send_back(step, step->table, NULL, 0, work->belief);
    else if (step->evident)
        send_back(step, step->table, NULL, 0, NULL);
    else if (step->asked)
        send_back(step, NULL, step->plain, 0, work->belief);
    else
        send_back(step, NULL, step->plain, 0, NULL);
}

/* What came in from outside, made per unit of the bucket's own message before it was rescaled. */
INLINE void take_incoming(const Plan *plan, const Work *work, const Step *step)
{
    const int32_t b = step->bucket;
    Row *outer = step->outer;
    if (plan->bucket[b].parent < 0)
        outer[0] = step->live ? 1.0 / step->message[0] : ALL(work->idle_inverse[plan->bucket[b].message_at]);
    if (!step->live) {
        for (int32_t s = 0; s < step->separator; s++)
            outer[s] *= step->scale;
    } else if (work->careful) {
        for (int32_t s = 0; s < step->separator; s++) {
            const Row value = outer[s] * work->scale[b];
            outer[s] = PICK(value < 1e300, value, ALL(1e300)); /* infinity times zero would be NaN */
        }
    }
}

/* From the belief of a bucket: what goes back to its idle children, and the wanted groups. */
INLINE void read_belief(const Plan *plan, Work *work, const Step *step)
{
    const Bucket *bucket = plan->bucket + step->bucket;
    for (int32_t c = bucket->first_child; c >= 0; c = plan->bucket[c].next) {
        const Bucket *to = plan->bucket + c;
        Row *back = work->incoming + to->message_at;
        if (work->step[c].live)
            continue;
        gather(back, to->separator, work->belief, plan->map + to->parent_map, to->parent_run, step->entries);
        for (int32_t s = 0; s < to->separator; s++)
            back[s] *= work->idle_inverse[to->message_at + s];
    }
    for (int32_t g = bucket->first_down; g >= 0; g = plan->group[g].down_next) {
        const Group *group = plan->group + g;
        gather(work->groups + group->table_at, group->size, work->belief, plan->map + group->down_map,
               group->down_run, step->entries);
    }
}

INLINE void sweep_down(const Network *net, const Plan *plan, Work *work, double *cavities, int32_t lanes,
                       int32_t at)
{
    for (int32_t b = plan->buckets - 1; b >= 0; b--) {
        const Step *step = work->step + b;
        take_incoming(plan, work, step);
        open_bucket(plan, work, step);
        if (step->asked)
            read_belief(plan, work, step);
    }
    for (int32_t x = 0; x < net->states; x++) {
        store(cavities + (int64_t)x * lanes, work->cavity + x, lanes, at);
        __builtin_prefetch(cavities + (int64_t)x * lanes + at + WIDTH, 1);
    }
}

/* Whether the product of four factors of a node is far from zero in every lane. */
INLINE int is_mild(const Row *on, const Row *off)
{
    const Row low = PICK(*on < *off, *on, *off);
    int mild = 1;
    for (int l = 0; l < WIDTH; l++)
        mild &= low[l] > 1e-60;
    return mild;
}

/* The sum of belief q / factor over all entries. Divisions are dear: four fractions share one. */
INLINE void sum_quotients(Row *to, const double *restrict p, const double *restrict q, const Row *restrict belief,
                          const Row *evidence_on, const Row *evidence_off, int32_t n)
{
    const Row on = *evidence_on, off = *evidence_off;
    const int32_t fours = is_mild(&on, &off) ? n / 4 * 4 : 0;
    Row sum = {0};
    int32_t i = 0;
    for (; i < fours; i += 4) {
        const Row f0 = p[i] * on + q[i] * off, f1 = p[i + 1] * on + q[i + 1] * off;
        const Row f2 = p[i + 2] * on + q[i + 2] * off, f3 = p[i + 3] * on + q[i + 3] * off;
        const Row one = q[i] * belief[i] * f1 + q[i + 1] * belief[i + 1] * f0;
        const Row two = q[i + 2] * belief[i + 2] * f3 + q[i + 3] * belief[i + 3] * f2;
        const Row f01 = f0 * f1, f23 = f2 * f3;
        sum += (one * f23 + two * f01) / (f01 * f23);
    }
    for (; i < n; i++) {
        /* A state that the evidence excludes has no belief either. */
        const Row factor = p[i] * on + q[i] * off, term = q[i] * belief[i] / factor;
        sum += PICK(factor > 0.0, term, ALL(0.0));
    }
    *to = sum;
}

/* Expectation of q / factor for one wanted node under its group's belief; `row` -1: not examined. */
INLINE void node_sum(const Network *net, const Work *work, int32_t node, int32_t row,
                     const Row *restrict belief, int32_t n, Row *to)
{
    const double *restrict p = net->p + net->node_at[node], *restrict q = net->q + net->node_at[node];
    Row sum = {0};
    if (row >= 0) {
        sum_quotients(to, p, q, belief, work->on + row, work->off + row, n);
        return;
    }
    for (int32_t i = 0; i < n; i++)
        sum += q[i] * belief[i];
    *to = sum;
}

INLINE void node_sums(const Network *net, const Plan *plan, Work *work, double *silent, int32_t lanes, int32_t at)
{
    for (int32_t g = plan->groups - 1; g >= 0; g--) {
        const Group *group = plan->group + g, *host = plan->group + group->down_host;
        Row *belief = work->groups + group->table_at, sum;
        if (!group->wanteds)
            continue;
        if (group->down_host >= 0)
            gather(belief, group->size, work->groups + host->table_at, plan->map + group->down_map,
                   group->down_run, host->size);
        else if (net->scope_at[group->scope] == net->scope_at[group->scope + 1])
            belief[0] = ALL(1.0);
        for (int32_t k = 0; k < group->wanteds; k++) {
            const int32_t place = plan->place[group->first_wanted + k];
            node_sum(net, work, plan->node_of_place[place], plan->row_of_place[place], belief, group->size, &sum);
            store(silent + (int64_t)place * lanes, &sum, lanes, at);
        }
    }
}

#endif
