/* What some nodes need of a network, as in layout.py.
 *
 * It is made anew for every examination, so it is written to take tens of microseconds.
 */
#include "kernel.h"

#include <stdlib.h>
#include <string.h>

/* Variables in the order of their digits, the first on top. */
typedef struct {
    const int32_t *variable;
    int32_t digits;
} Scope;

typedef struct {
    const Network *net;
    Plan *plan;
    int32_t clique[MOST][MOST], digits[MOST], position[MOST];
    int32_t stride[MOST];
    Set inside[MOST];
    int64_t maps, room;
    int failed;
} Maker;

EXPORT void myotome_forget(Plan *plan);

static Scope scope_of(const Network *net, int32_t scope)
{
    const int32_t at = net->scope_at[scope];
    return (Scope){net->scope_variable + at, net->scope_at[scope + 1] - at};
}

static Set set_of(Scope scope)
{
    Set set = 0;
    for (int32_t d = 0; d < scope.digits; d++)
        set |= ONLY(scope.variable[d]);
    return set;
}

/* ---- maps: for each entry of a larger table, the index into a smaller one ---- */

/* Strides of the smaller table; 0 for every variable that it does not hold. */
static void take_strides(Maker *make, Scope scope)
{
    int32_t step = 1;
    memset(make->stride, 0, sizeof make->stride);
    for (int32_t d = scope.digits - 1; d >= 0; d--) {
        make->stride[scope.variable[d]] = step;
        step *= make->net->card[scope.variable[d]];
    }
}

/* Appends a map under the strides last taken; gives where it begins. */
static int64_t add_map(Maker *make, Scope target)
{
    int64_t n = 1, total = 1;
    for (int32_t d = 0; d < target.digits; d++)
        total *= make->net->card[target.variable[d]];
    if (make->maps + total > make->room) {
        const int64_t room = 2 * (make->maps + total) + 1024;
        int32_t *grown = realloc(make->plan->map, sizeof(int32_t) * (size_t)room);
        if (!grown) {
            make->failed = 1;
            return 0;
        }
        make->plan->map = grown;
        make->room = room;
    }
    int32_t *map = make->plan->map + make->maps;
    map[0] = 0;
    for (int32_t d = target.digits - 1; d >= 0; d--) {
        const int32_t step = make->stride[target.variable[d]], card = make->net->card[target.variable[d]];
        for (int32_t x = 1; x < card; x++)
            for (int64_t i = 0; i < n; i++)
                map[x * n + i] = map[i] + x * step;
        n *= card;
    }
    make->maps += total;
    return make->maps - total;
}

/* How many neighbouring entries of such a map are equal. */
static int32_t run_of(const Maker *make, Scope target)
{
    int32_t run = 1;
    for (int32_t d = target.digits - 1; d >= 0 && !make->stride[target.variable[d]]; d--)
        run *= make->net->card[target.variable[d]];
    return run;
}

static Scope clique_of(const Maker *make, int32_t b)
{
    return (Scope){make->clique[b], make->digits[b]};
}

/* ---- groups: nodes of one scope ---- */

static int by_size(const void *a, const void *b)
{
    const Group *one = a, *two = b;
    return one->size != two->size ? (one->size < two->size ? -1 : 1) : one->scope - two->scope;
}

/* Counts the nodes of every scope in use; the groups end up smallest first, `group_of` by scope. */
static void open_groups(const Network *net, Plan *plan, int32_t *group_of)
{
    for (int32_t k = 0; k < plan->active + plan->wanted; k++) {
        const int32_t node = k < plan->active ? plan->node_of_row[k] : plan->node_of_place[k - plan->active];
        const int32_t scope = net->node_scope[node];
        if (group_of[scope] < 0) {
            group_of[scope] = plan->groups;
            plan->group[plan->groups].scope = scope;
            plan->group[plan->groups++].size = net->scope_size[scope];
        }
        if (k < plan->active)
            plan->group[group_of[scope]].actives++;
        else
            plan->group[group_of[scope]].wanteds++;
    }
    qsort(plan->group, (size_t)plan->groups, sizeof(Group), by_size);
    int32_t active = 0, wanted = 0;
    for (int32_t g = 0; g < plan->groups; g++) {
        Group *group = plan->group + g;
        group_of[group->scope] = g;
        group->first_active = active;
        group->first_wanted = wanted;
        group->table_at = plan->group_size;
        group->up_host = group->up_next = group->first_up = group->down_host = group->down_next = -1;
        active += group->actives;
        wanted += group->wanteds;
        plan->group_size += group->size;
    }
}

/* Lists the rows and places of every group. */
static int collect(const Network *net, Plan *plan)
{
    const size_t count = (size_t)net->scopes + (size_t)net->nodes;
    int32_t *group_of = malloc(sizeof(int32_t) * count), *row_of = group_of + net->scopes;
    if (!group_of)
        return 0;
    memset(group_of, -1, sizeof(int32_t) * count);
    open_groups(net, plan, group_of);
    for (int32_t g = 0; g < plan->groups; g++)
        plan->group[g].actives = plan->group[g].wanteds = 0;
    for (int32_t k = 0; k < plan->active; k++) {
        Group *group = plan->group + group_of[net->node_scope[plan->node_of_row[k]]];
        plan->row[group->first_active + group->actives++] = k;
        row_of[plan->node_of_row[k]] = k;
    }
    for (int32_t k = 0; k < plan->wanted; k++) {
        Group *group = plan->group + group_of[net->node_scope[plan->node_of_place[k]]];
        plan->place[group->first_wanted + group->wanteds++] = k;
        plan->row_of_place[k] = row_of[plan->node_of_place[k]];
    }
    free(group_of);
    return 1;
}

/* Absorbed by the smallest larger group of its kind, else multiplied into the smallest bucket. */
static void attach(Maker *make, int32_t g, int32_t home, int down)
{
    Plan *plan = make->plan;
    Group *group = plan->group + g;
    const int32_t host = down ? group->down_host : group->up_host;
    const Scope target = host >= 0 ? scope_of(make->net, plan->group[host].scope) : clique_of(make, home);
    int64_t map = group->up_map;
    if (!(down && group->actives && host == group->up_host))
        map = add_map(make, target);
    if (down) {
        group->down_map = map;
        group->down_run = run_of(make, target);
    } else {
        group->up_map = map;
    }
    if (down && host >= 0)
        return;
    int32_t *first = host >= 0 ? &plan->group[host].first_up : &plan->bucket[home].first_up;
    if (down)
        first = &plan->bucket[home].first_down;
    *(down ? &group->down_next : &group->up_next) = *first;
    *first = g;
    plan->bucket[home].evident |= !down && host < 0;
}

static void place_groups(Maker *make, const Set *scope)
{
    Plan *plan = make->plan;
    for (int32_t g = 0; g < plan->groups; g++) {
        Group *group = plan->group + g;
        if (!scope[g])
            continue;
        for (int32_t h = g + 1; h < plan->groups; h++) {
            if (scope[g] & ~scope[h])
                continue;
            if (group->up_host < 0 && plan->group[h].actives)
                group->up_host = h;
            if (group->down_host < 0 && plan->group[h].wanteds)
                group->down_host = h;
        }
        int32_t home = -1;
        for (int32_t b = 0; b < plan->buckets; b++)
            if (!(scope[g] & ~make->inside[b]) &&
                (home < 0 || plan->bucket[b].entries < plan->bucket[home].entries))
                home = b;
        take_strides(make, scope_of(make->net, group->scope));
        if (group->actives)
            attach(make, g, home, 0);
        if (group->wanteds)
            attach(make, g, home, 1);
    }
}

/* ---- buckets ---- */

/* Cliques: the variable summed out, then its separator in the order of elimination. */
static void find_cliques(Maker *make, const Set *scope)
{
    const Network *net = make->net;
    Set near[MOST] = {0}, separator[MOST];
    int32_t order[MOST], v;
    for (int32_t g = 0; g < make->plan->groups; g++)
        EACH(v, scope[g]) near[v] |= scope[g] & ~ONLY(v);
    for (int32_t c = 0; c < net->couplings; c++) {
        near[net->coupled[2 * c]] |= ONLY(net->coupled[2 * c + 1]);
        near[net->coupled[2 * c + 1]] |= ONLY(net->coupled[2 * c]);
    }
    eliminate(net, near, order, separator);
    for (int32_t b = 0; b < net->variables; b++)
        make->position[order[b]] = b;
    for (int32_t b = 0; b < net->variables; b++) {
        int32_t n = 1, *clique = make->clique[b];
        clique[0] = order[b];
        EACH(v, separator[b]) {
            int32_t at = n++;
            for (; at > 1 && make->position[clique[at - 1]] > make->position[v]; at--)
                clique[at] = clique[at - 1];
            clique[at] = v;
        }
        make->digits[b] = n;
        make->inside[b] = separator[b] | ONLY(order[b]);
    }
}

static void open_buckets(Maker *make)
{
    Plan *plan = make->plan;
    for (int32_t b = plan->buckets - 1; b >= 0; b--) {
        Bucket *bucket = plan->bucket + b;
        bucket->variable = make->clique[b][0];
        bucket->card = make->net->card[bucket->variable];
        bucket->separator = 1;
        for (int32_t d = 1; d < make->digits[b]; d++)
            bucket->separator *= make->net->card[make->clique[b][d]];
        bucket->entries = bucket->card * bucket->separator;
        bucket->first_child = bucket->next = bucket->first_up = bucket->first_down = -1;
        bucket->parent = make->digits[b] > 1 ? make->position[make->clique[b][1]] : -1;
        if (bucket->parent >= 0) {
            bucket->next = plan->bucket[bucket->parent].first_child;
            plan->bucket[bucket->parent].first_child = b;
        }
    }
    for (int32_t b = 0; b < plan->buckets; b++) {
        Bucket *bucket = plan->bucket + b;
        int32_t children = 0;
        for (int32_t c = bucket->first_child; c >= 0; c = plan->bucket[c].next)
            children++;
        bucket->constant_at = plan->constant_size;
        bucket->message_at = plan->message_size;
        bucket->table_at = plan->table_size;
        plan->constant_size += bucket->entries;
        plan->message_size += bucket->separator;
        /* One table with the evidence, and one for each further child (see upward.h). */
        plan->table_size += (int64_t)bucket->entries * (children > 1 ? children : 1);
        plan->largest = bucket->entries > plan->largest ? bucket->entries : plan->largest;
    }
}

static void link_buckets(Maker *make)
{
    Plan *plan = make->plan;
    for (int32_t b = 0; b < plan->buckets; b++) {
        Bucket *bucket = plan->bucket + b;
        if (bucket->parent < 0)
            continue;
        const Scope parent = clique_of(make, bucket->parent);
        take_strides(make, (Scope){make->clique[b] + 1, make->digits[b] - 1});
        bucket->parent_map = add_map(make, parent);
        bucket->parent_run = run_of(make, parent);
        plan->bucket[bucket->parent].evident |= bucket->evident;
    }
}

static void multiply_couplings(Maker *make)
{
    const Network *net = make->net;
    Plan *plan = make->plan;
    for (int64_t i = 0; i < plan->constant_size; i++)
        plan->constant[i] = 1.0;
    for (int32_t c = 0; c < net->couplings && !make->failed; c++) {
        const int32_t *pair = net->coupled + 2 * c;
        const int32_t one = make->position[pair[0]], two = make->position[pair[1]], home = one < two ? one : two;
        const double *table = net->coupling + net->coupling_at[c];
        double *constant = plan->constant + plan->bucket[home].constant_at;
        take_strides(make, (Scope){pair, 2});
        const int64_t map = add_map(make, clique_of(make, home));
        for (int32_t i = 0; i < plan->bucket[home].entries && !make->failed; i++)
            constant[i] *= table[plan->map[map + i]];
        make->maps = map; /* needed only here */
    }
}

/* ---- the whole ---- */

static int make_plan(const Network *net, Plan *plan)
{
    Maker make;
    make.net = net;
    make.plan = plan;
    make.maps = make.room = 0;
    make.failed = 0;
    if (!collect(net, plan))
        return 0;
    Set *scope = malloc(sizeof(Set) * ((size_t)plan->groups + 1));
    if (!scope)
        return 0;
    for (int32_t g = 0; g < plan->groups; g++)
        scope[g] = set_of(scope_of(net, plan->group[g].scope));
    find_cliques(&make, scope);
    open_buckets(&make);
    plan->constant = malloc(sizeof(double) * (size_t)plan->constant_size);
    if (plan->constant) {
        multiply_couplings(&make);
        place_groups(&make, scope);
        link_buckets(&make);
    }
    free(scope);
    return plan->constant && !make.failed;
}

/* NULL where memory is short or the network has too many variables. */
EXPORT Plan *myotome_plan(const Network *net, int32_t active, const int32_t *examined, int32_t wanted,
                          const int32_t *asked)
{
    if (net->variables > MOST)
        return NULL;
    const size_t nodes = (size_t)active + (size_t)wanted, lists = 2 * nodes + (size_t)wanted;
    Plan *plan = calloc(1, sizeof(Plan) + sizeof(Bucket) * (size_t)net->variables + sizeof(Group) * nodes +
                               sizeof(int32_t) * lists);
    if (!plan)
        return NULL;
    plan->buckets = net->variables;
    plan->active = active;
    plan->wanted = wanted;
    plan->bucket = (Bucket *)(plan + 1);
    plan->group = (Group *)(plan->bucket + net->variables);
    plan->row = (int32_t *)(plan->group + nodes);
    plan->place = plan->row + active;
    plan->node_of_row = plan->place + wanted;
    plan->node_of_place = plan->node_of_row + active;
    plan->row_of_place = plan->node_of_place + wanted;
    memcpy(plan->node_of_row, examined, sizeof(int32_t) * (size_t)active);
    memcpy(plan->node_of_place, asked, sizeof(int32_t) * (size_t)wanted);
    if (!make_plan(net, plan)) {
        myotome_forget(plan);
        return NULL;
    }
    return plan;
}

EXPORT void myotome_forget(Plan *plan)
{
    if (plan) {
        free(plan->map);
        free(plan->constant);
        free(plan);
    }
}

/* Entries of all bucket tables together. */
EXPORT int64_t myotome_entries(const Plan *plan)
{
    return plan->constant_size;
}
