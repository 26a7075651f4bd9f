/* The sweep towards the roots: evidence is multiplied in, variables are summed out. */
#ifndef MYOTOME_UPWARD_H
#define MYOTOME_UPWARD_H

#include "rows.h"

#define SAFE_BITS 900 /* a product within 2^-900 .. 2^900 needs no rescaling on the way */

/* Whether the evidence of any lane is so extreme that the sweeps must rescale as they go. */
INLINE int is_extreme(const Network *net, const Plan *plan, const Work *work)
{
    Bits bits = {0};
    bits += (uint64_t)net->coupling_bits;
    for (int32_t row = 0; row < plan->active; row++) {
        const Row on = work->on[row], off = work->off[row];
        const Row low = PICK(on < off, on, off), high = PICK(on < off, off, on);
        add_bits(&bits, &low);
        add_bits(&bits, &high);
    }
    for (int32_t v = 0; v < net->variables; v++) {
        Row sum = {0};
        for (int32_t x = net->state_at[v]; x < net->state_at[v + 1]; x++)
            sum += work->own[x];
        add_bits(&bits, &sum);
    }
    for (int l = 0; l < WIDTH; l++)
        if (bits[l] > SAFE_BITS)
            return 1;
    return 0;
}

/* The likelihoods of one examined node, rescaled where the evidence is extreme. */
INLINE void take_row(const Work *work, int32_t row, Row *on, Row *off, Row *shift)
{
    Row scale;
    *on = work->on[row];
    *off = work->off[row];
    if (work->careful) {
        const Row peak = PICK(*on > *off, *on, *off);
        power_of(&scale, &peak, shift);
        *on *= scale;
        *off *= scale;
    }
}

/* P(evidence | causes) of one node or two, multiplied into (or, as the first, written to) a table. */
INLINE void examine(const Network *net, const Plan *plan, Work *work, const int32_t *rows, int two,
                    Row *restrict table, int32_t n, int first, Row *shift)
{
    const int32_t at = net->node_at[plan->node_of_row[rows[0]]];
    const int32_t other = two ? net->node_at[plan->node_of_row[rows[1]]] : at;
    const double *restrict p = net->p + at, *restrict q = net->q + at;
    const double *restrict r = net->p + other, *restrict s = net->q + other;
    Row on, off, on2, off2, scale;
    take_row(work, rows[0], &on, &off, shift);
    if (two)
        take_row(work, rows[1], &on2, &off2, shift);
    for (int32_t i = 0; i < n; i++) {
        Row factor = p[i] * on + q[i] * off;
        if (two)
            factor *= r[i] * on2 + s[i] * off2;
        table[i] = first ? factor : table[i] * factor;
    }
    if (work->careful)
        rescale(table, n, &scale, shift);
}

INLINE void examine_all(const Network *net, const Plan *plan, Work *work, const Group *group, Row *shift)
{
    const int32_t *rows = plan->row + group->first_active, n = group->size;
    Row *table = work->groups + group->table_at;
    if (group->actives == 1) {
        examine(net, plan, work, rows, 0, table, n, 1, shift);
        return;
    }
    examine(net, plan, work, rows, 1, table, n, 1, shift);
    for (int32_t k = 2; k < group->actives; k += 2)
        if (k + 1 < group->actives)
            examine(net, plan, work, rows + k, 1, table, n, 0, shift);
        else
            examine(net, plan, work, rows + k, 0, table, n, 0, shift);
}

/* Multiplies a table by the groups of a list, two at a time; the first pass may start from `plain`. */
INLINE void multiply_groups(const Plan *plan, Work *work, int32_t g, Row *restrict table,
                            const double *restrict plain, int32_t n, Row *shift)
{
    for (Row scale; g >= 0; plain = NULL) {
        const Group *one = plan->group + g, *two = one->up_next >= 0 ? plan->group + one->up_next : NULL;
        const Row *restrict a = work->groups + one->table_at;
        const Row *restrict b = two ? work->groups + two->table_at : NULL;
        const int32_t *restrict map = plan->map + one->up_map;
        const int32_t *restrict other = two ? plan->map + two->up_map : NULL;
        if (plain && two)
            for (int32_t i = 0; i < n; i++)
                table[i] = plain[i] * a[map[i]] * b[other[i]];
        else if (plain)
            for (int32_t i = 0; i < n; i++)
                table[i] = plain[i] * a[map[i]];
        else if (two)
            for (int32_t i = 0; i < n; i++)
                table[i] *= a[map[i]] * b[other[i]];
        else
            for (int32_t i = 0; i < n; i++)
                table[i] *= a[map[i]];
        if (work->careful)
            rescale(table, n, &scale, shift);
        g = two ? two->up_next : -1;
    }
}

/* Tables of all examined scopes, smallest first: each takes in those that it absorbs. */
INLINE void group_tables(const Network *net, const Plan *plan, Work *work, Row *total, Row *shift)
{
    for (int32_t g = 0; g < plan->groups; g++) {
        const Group *group = plan->group + g;
        Row *table = work->groups + group->table_at;
        if (!group->actives)
            continue;
        examine_all(net, plan, work, group, shift);
        multiply_groups(plan, work, group->first_up, table, NULL, group->size, shift);
        if (net->scope_at[group->scope] == net->scope_at[group->scope + 1])
            *total *= table[0];
    }
}

/* Either `table` or `plain` (the same in every lane) is given; `link` is a child's message or NULL. */
INLINE void sum_out(const Step *step, const Row *restrict table, const double *restrict plain, int linked)
{
    const Row *restrict own = step->own, *restrict link = step->link;
    const int32_t m = step->separator, card = step->card;
    const int32_t *restrict map = step->map;
    Row *restrict message = step->message;
    for (int32_t s = 0; s < m; s++) {
        Row sum = {0};
        for (int32_t x = 0; x < card; x++) {
            const int32_t i = x * m + s;
            const Row term = plain ? plain[i] * own[x] : table[i] * own[x];
            sum += linked ? term * link[map[i]] : term;
        }
        message[s] = sum;
    }
}

/* A table times a child's message. */
INLINE void take_message(const Plan *plan, const Work *work, int32_t child, Row *restrict next,
                         const Row *restrict table, const double *restrict plain, int32_t n)
{
    const Row *restrict link = work->messages + plan->bucket[child].message_at;
    const int32_t *restrict map = plan->map + plan->bucket[child].parent_map;
    if (plain)
        for (int32_t i = 0; i < n; i++)
            next[i] = plain[i] * link[map[i]];
    else
        for (int32_t i = 0; i < n; i++)
            next[i] = table[i] * link[map[i]];
}

/* A table for each child but the last: on the way back each child needs the others' product. */
INLINE const Row *take_messages(const Plan *plan, const Work *work, const Step *step)
{
    int32_t child[MOST];
    const int32_t children = live_children(plan, work, step->bucket, child);
    const double *plain = step->evident ? NULL : step->plain;
    Row *table = step->table;
    for (int32_t k = 0; k + 1 < children; k++) {
        take_message(plan, work, child[k], table + step->entries, table, plain, step->entries);
        table += step->entries;
        plain = NULL;
    }
    return table;
}

INLINE void sweep_up(const Plan *plan, Work *work, Row *total, Row *shift)
{
    for (int32_t b = 0; b < plan->buckets; b++) {
        const Step *step = work->step + b;
        if (!step->live)
            continue;
        if (step->evident)
            multiply_groups(plan, work, plan->bucket[b].first_up, step->table, step->plain, step->entries, shift);
        if (step->children > 1)
            sum_out(step, take_messages(plan, work, step), NULL, 1);
        else if (step->children)
            if (step->evident)
                sum_out(step, step->table, NULL, 1);
            else
                sum_out(step, NULL, step->plain, 1);
        else if (step->evident)
            sum_out(step, step->table, NULL, 0);
        else
            sum_out(step, NULL, step->plain, 0);
        if (work->careful)
            rescale(step->message, step->separator, work->scale + b, shift);
        if (plan->bucket[b].parent < 0)
            *total *= step->message[0];
    }
}

#endif
