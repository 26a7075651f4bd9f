/* The sweep back from the roots: cavities of all states and the sums of the wanted nodes.
 *
 * What comes in to a bucket, times its message, is the marginal of its separator. Nothing is divided
 * by a live message, so those may hold zeros.
 */
#ifndef MYOTOME_DOWNWARD_H
#define MYOTOME_DOWNWARD_H

#include "rows.h"

/* Cavities, what goes back to the one child, and (where not NULL) the belief of every entry. */
INLINE void send_back(Row *restrict cavity, Row *restrict back, Row *restrict belief,
                      const Row *restrict outer, const Row *restrict own, const Row *restrict table,
                      const double *restrict plain, const Row *restrict link, const int32_t *restrict map,
                      int32_t run, int32_t card, int32_t m)
{
    for (int32_t x = 0; x < card; x++) {
        Row sum = {0};
        const Row weight = own[x];
        for (int32_t s = 0; s < m; s += run) {
            const int32_t i = x * m + s, to = link ? map[i] : 0;
            const Row other = link ? link[to] : ALL(1.0);
            Row free = {0};
            for (int32_t k = 0; k < run; k++) {
                const Row term = plain ? plain[i + k] * outer[s + k] : table[i + k] * outer[s + k];
                free += term;
                if (belief)
                    belief[i + k] = link ? term * weight * other : term * weight;
            }
            if (link)
                back[to] += free * weight;
            sum += link ? free * other : free;
        }
        cavity[x] = sum;
    }
}

/* What goes back to one of several children; `rest` takes in its message for those that follow. */
INLINE void send_one_back(Row *restrict back, Row *restrict rest, const Row *restrict table,
                          const double *restrict plain, const Row *restrict link, const int32_t *restrict map,
                          int32_t n)
{
    for (int32_t i = 0; i < n; i++) {
        back[map[i]] += plain ? plain[i] * rest[i] : table[i] * rest[i];
        rest[i] *= link[map[i]];
    }
}

/* Several children: `rest` runs from the outside in, the tables of send_up from the inside out. */
INLINE void send_back_many(const Plan *plan, Work *work, int32_t b, const int32_t *child, int32_t children,
                           const Row *restrict own, const Row *restrict outer, Row *restrict cavity)
{
    const Bucket *bucket = plan->bucket + b, *final = plan->bucket + child[children - 1];
    const int32_t n = bucket->entries, m = bucket->separator, *restrict map = plan->map + final->parent_map;
    const Row *restrict first = work->tables + bucket->table_at;
    const Row *restrict last = first + (int64_t)(children - 1) * n, *restrict link = work->messages + final->message_at;
    const double *restrict plain = bucket->first_up < 0 ? work->constant[b] : NULL;
    Row *restrict rest = work->rest;
    for (int32_t x = 0; x < bucket->card; x++) {
        Row sum = {0};
        for (int32_t s = 0; s < m; s++) {
            sum += last[x * m + s] * link[map[x * m + s]] * outer[s];
            rest[x * m + s] = outer[s] * own[x];
        }
        cavity[x] = sum;
    }
    for (int32_t k = children - 1; k >= 0; k--) {
        const Bucket *to = plan->bucket + child[k];
        Row *back = work->incoming + to->message_at;
        memset(back, 0, sizeof(Row) * (size_t)to->separator);
        if (k == 0 && plain)
            send_one_back(back, rest, NULL, plain, work->messages + to->message_at, plan->map + to->parent_map, n);
        else
            send_one_back(back, rest, first + (int64_t)k * n, NULL, work->messages + to->message_at,
                          plan->map + to->parent_map, n);
    }
    for (int32_t i = 0; i < n; i++)
        work->belief[i] = plain ? plain[i] * rest[i] : first[i] * rest[i];
}

/* `asked`: whether the belief of every entry is needed. */
INLINE void open_bucket(const Plan *plan, Work *work, int32_t b, const Row *own, const Row *outer, Row *cavity,
                        int asked)
{
    const Bucket *bucket = plan->bucket + b;
    const int32_t m = bucket->separator, card = bucket->card;
    int32_t child[MOST];
    const int32_t children = live_children(plan, work, b, child);
    if (children > 1) {
        send_back_many(plan, work, b, child, children, own, outer, cavity);
        return;
    }
    const Row *table = work->tables + bucket->table_at;
    const double *plain = bucket->first_up < 0 ? work->constant[b] : NULL;
    const Bucket *to = children ? plan->bucket + child[0] : NULL;
    const Row *link = to ? work->messages + to->message_at : NULL;
    const int32_t *map = to ? plan->map + to->parent_map : NULL, run = to ? to->parent_run : 1;
    Row *back = to ? work->incoming + to->message_at : NULL, *belief = work->belief;
    if (to)
        memset(back, 0, sizeof(Row) * (size_t)to->separator);
    if (to && plain && asked)
        send_back(cavity, back, belief, outer, own, NULL, plain, link, map, run, card, m);
    else if (to && plain)
        send_back(cavity, back, NULL, outer, own, NULL, plain, link, map, run, card, m);
    else if (to && asked)
        send_back(cavity, back, belief, outer, own, table, NULL, link, map, run, card, m);
    else if (to)
        send_back(cavity, back, NULL, outer, own, table, NULL, link, map, run, card, m);
    else if (plain && asked)
        send_back(cavity, NULL, belief, outer, own, NULL, plain, NULL, NULL, 1, card, m);
    else if (plain)
        send_back(cavity, NULL, NULL, outer, own, NULL, plain, NULL, NULL, 1, card, m);
    else if (asked)
        send_back(cavity, NULL, belief, outer, own, table, NULL, NULL, NULL, 1, card, m);
    else
        send_back(cavity, NULL, NULL, outer, own, table, NULL, NULL, NULL, 1, card, m);
}

/* What comes in from outside, per unit of the bucket's own (rescaled) message. */
INLINE Row *incoming(const Plan *plan, Work *work, int32_t b)
{
    const Bucket *bucket = plan->bucket + b;
    const int32_t at = (int32_t)bucket->message_at;
    Row *outer = work->incoming + at;
    if (bucket->parent < 0)
        outer[0] = work->live[b] ? 1.0 / work->messages[at] : ALL(work->idle_inverse[at]);
    if (!work->live[b]) {
        for (int32_t s = 0; s < bucket->separator; s++)
            outer[s] *= work->idle_scale[b];
    } else if (work->careful) {
        for (int32_t s = 0; s < bucket->separator; s++) {
            const Row value = outer[s] * work->scale[b];
            outer[s] = PICK(value < 1e300, value, ALL(1e300)); /* infinity times zero would be NaN */
        }
    }
    return outer;
}

/* From the belief of a bucket: what goes back to its idle children, and the wanted groups. */
INLINE void read_belief(const Plan *plan, Work *work, int32_t b)
{
    const int32_t n = plan->bucket[b].entries;
    for (int32_t c = plan->bucket[b].first_child; c >= 0; c = plan->bucket[c].next) {
        const Bucket *to = plan->bucket + c;
        Row *back = work->incoming + to->message_at;
        if (work->live[c])
            continue;
        gather(back, to->separator, work->belief, plan->map + to->parent_map, to->parent_run, n);
        for (int32_t s = 0; s < to->separator; s++)
            back[s] *= work->idle_inverse[to->message_at + s];
    }
    for (int32_t g = plan->bucket[b].first_down; g >= 0; g = plan->group[g].down_next) {
        const Group *group = plan->group + g;
        gather(work->groups + group->table_at, group->size, work->belief, plan->map + group->down_map,
               group->down_run, n);
    }
}

INLINE void sweep_down(const Network *net, const Plan *plan, Work *work, double *cavities, int32_t lanes,
                       int32_t at)
{
    for (int32_t b = plan->buckets - 1; b >= 0; b--) {
        const Bucket *bucket = plan->bucket + b;
        const int32_t state = net->state_at[bucket->variable];
        int asked = bucket->first_down >= 0;
        for (int32_t c = bucket->first_child; c >= 0; c = plan->bucket[c].next)
            asked |= !work->live[c];
        open_bucket(plan, work, b, work->own + state, incoming(plan, work, b), work->cavity + state, asked);
        for (int32_t x = state; x < state + bucket->card; x++)
            store(cavities + (int64_t)x * lanes, work->cavity + x, lanes, at);
        if (asked)
            read_belief(plan, work, b);
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
