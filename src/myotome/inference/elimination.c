/* Weighted min-fill, as in elimination.py. */
#include "kernel.h"

#include <math.h>

static double fill_cost(int32_t v, const Set *near, const double *weight, double *size)
{
    double fill = 0.0, total = weight[v];
    int32_t a, b;
    EACH(a, near[v]) {
        const Set missing = near[v] & ~near[a] & ~ONLY(a);
        double sum = 0.0;
        EACH(b, missing) sum += weight[b];
        fill += weight[a] * sum;
        total += weight[a];
    }
    *size = total;
    return fill;
}

/* Cheapest variable first; ties go to the smaller table, then to the lower number. */
void eliminate(const Network *net, Set *near, int32_t *order, Set *separator)
{
    double weight[MOST], cost[MOST], size[MOST];
    Set left = 0;
    int32_t v, n;
    for (v = 0; v < net->variables; v++) {
        weight[v] = log(net->card[v]);
        left |= ONLY(v);
    }
    for (v = 0; v < net->variables; v++)
        cost[v] = fill_cost(v, near, weight, &size[v]);
    for (int32_t step = 0; left; step++) {
        int32_t best = -1;
        EACH(v, left) {
            if (best < 0 || cost[v] < cost[best] || (cost[v] == cost[best] && size[v] < size[best]))
                best = v;
        }
        const Set around = near[best];
        Set stale = around;
        left &= ~ONLY(best);
        order[step] = best;
        separator[step] = around;
        EACH(n, around) {
            near[n] = (near[n] | around) & ~ONLY(n) & ~ONLY(best);
            stale |= near[n];
        }
        EACH(n, stale) cost[n] = fill_cost(n, near, weight, &size[n]);
    }
}
