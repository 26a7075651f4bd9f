/* One block of people through the whole course; included once for float and once for double.
 *
 * Each state of each muscle is a row with one number a person (lane); the rows of a muscle lie together. Divisions
 * are the dearest operation, so denominators are multiplied and inverted together, and what does not change from
 * muscle to muscle is worked out once a stretch; the tests hold this equal to the plain formulas.
 */

#include "block.h"

/* x: of each muscle its states, then the first five of them at the stage of the step. */
enum { NAME(MIDDLE) = STATES, NAME(STRIDE) = STATES + 5 };
#define MIDDLE NAME(MIDDLE)
#define STRIDE NAME(STRIDE)

typedef struct {
    Row *x, *levels, *first_levels, *second_levels, *spared, *closing; /* spared: 1 - cause */
} NAME(Memory);
#define Memory NAME(Memory)

INLINE void NAME(gather)(Row out, const Sparse *s, int32_t row, const Row *from, int32_t stride)
{
    const int32_t begin = s->at[row], end = s->at[row + 1];
    EACH out[i] = 0;
    for (int32_t k = begin; k < end; k++) {
        const REAL weight = (REAL)s->weight[k];
        const REAL *restrict column = from[(int64_t)s->column[k] * stride];
        EACH out[i] += weight * column[i];
    }
}

/* A row's sum, or where one weight is 1 the row itself. */
INLINE const REAL *NAME(summed)(Row out, const Sparse *s, int32_t row, const Row *from, int32_t stride)
{
    const int32_t k = s->at[row];
    if (s->at[row + 1] == k + 1 && s->weight[k] == 1)
        return from[(int64_t)s->column[k] * stride];
    NAME(gather)(out, s, row, from, stride);
    return out;
}

/* A stage: `keep` of the start, the rest one Euler step from what `at` and `levels` hold; levels into `out`. */
INLINE void NAME(move_levels)(const Body *body, const Block *b, const Memory *m, const Row *levels, Row *out, int at, REAL keep)
{
    const int32_t count = body->levels;
    const Row *x = (const Row *)m->x + at;
    const Pace *s = &b->pace;
    for (int32_t l = 0; l < count; l++) {
        Row sums[2], away;
        const REAL *restrict near = NAME(summed)(sums[0], &body->beside, l, x + SHORTENING, STRIDE);
        const REAL *restrict sore = NAME(summed)(sums[1], &body->beside, l, x + NOCICEPTORS, STRIDE);
        NAME(gather)(away, &body->drive, l, x + NOCICEPTORS, STRIDE);
        const REAL *root = levels[ROOT * count + l], *central = levels[CENTRAL * count + l];
        const REAL *root0 = m->levels[ROOT * count + l], *central0 = m->levels[CENTRAL * count + l];
        REAL *root1 = out[ROOT * count + l], *central1 = out[CENTRAL * count + l];
        EACH {
            const REAL squeeze2 = near[i] * near[i], squeeze4 = squeeze2 * squeeze2;
            const REAL heard = away[i] + b->p[P_spine_share][i] * (sore[i] - away[i]), heard2 = heard * heard;
            const REAL below = squeeze4 + b->root4[i], beneath = heard2 + b->central2[i], both = 1 / (below * beneath);
            const REAL target = 1 - m->spared[l][i] * (1 - m->closing[l][i] * squeeze4 * beneath * both);
            const REAL asked = b->central_gain1[i] * heard2 * below * both;
            const REAL up = s->root_rise[i], down = s->root_fall[i], up2 = s->central_rise[i], down2 = s->central_fall[i];
            const REAL pace = target > root[i] ? up : down, pace2 = asked > central[i] ? up2 : down2;
            root1[i] = keep * root0[i] + (1 - keep) * (root[i] + pace * (target - root[i]));
            central1[i] = keep * central0[i] + (1 - keep) * (central[i] + pace2 * (asked - central[i]));
        }
    }
}

/* Muscles likewise, into their rows from `to` on; `seen` is what the needle left, as this stage sees it. */
INLINE void NAME(move_muscles)(const Body *body, const Block *b, const Memory *m, const Row *levels, const Stage *seen,
                               int at, int to, REAL keep)
{
    const int32_t muscles = body->muscles;
    const Pace *s = &b->pace;
    for (int32_t n = 0; n < muscles; n++) {
        Row sums[2], *x = m->x + (int64_t)n * STRIDE;
        const REAL *restrict root = NAME(summed)(sums[0], &body->supply, n, levels + ROOT * body->levels, 1);
        const REAL *restrict central = NAME(summed)(sums[1], &body->supply, n, levels + CENTRAL * body->levels, 1);
        EACH {
            const REAL f = x[at + FLOW][i], have = x[at + RECEPTORS][i], c = x[at + SHORTENING][i];
            const REAL dry = x[at + ISCHAEMIA][i], sore = x[at + NOCICEPTORS][i], potential = x[POTENTIAL][i];

            const REAL f2 = f * f, below = f2 + b->receptor2[i], beneath = 1 + potential * seen->calm[i];
            const REAL both = 1 / (below * beneath), asked = b->receptor_gain[i] * f2 * (beneath * both);
            const REAL rise = s->rise[i], fall = s->fall[i], turnover = asked > have ? rise : fall;
            const REAL f1 = f - s->flow[i] * f + s->flow_gain[i] * root[i] * (below * both);
            const REAL have1 = have + turnover * (asked - have) - seen->clears[i] * potential * have;

            const REAL pull = have * (b->drive[i] + b->drive_central[i] * central[i]) + b->drive_ischaemia[i] * dry;
            const REAL held = 1 + x[TENDON][i] * seen->tendon[i], pull3 = pull * pull * pull;
            const REAL whole = pull3 + held * held * held, slow = 1 + b->p[P_slow_release][i] * dry;
            const REAL inverse = 1 / (whole * slow), short_ = pull3 * slow * inverse;
            const REAL quick = s->own[i], slowed = quick * whole * inverse, own = short_ > c ? quick : slowed;
            const REAL c1 = c + own * (short_ - c) - s->stretch[i] * c;

            const REAL c2 = c * c, bled = (c2 + b->ischaemia2[i]) * (1 + x[HYPERAEMIA][i] * seen->blood[i]);
            const REAL dry1 = dry - s->ischaemia[i] * dry + s->ischaemia_gain[i] * c2 / bled;
            const REAL sore1 = sore - s->nociceptors[i] * sore + s->of_ischaemia[i] * dry +
                               have * (s->unshortened[i] + s->shortened[i] * c);
            x[to + FLOW][i] = keep * x[FLOW][i] + (1 - keep) * f1;
            x[to + RECEPTORS][i] = keep * x[RECEPTORS][i] + (1 - keep) * have1;
            x[to + SHORTENING][i] = keep * x[SHORTENING][i] + (1 - keep) * c1;
            x[to + ISCHAEMIA][i] = keep * x[ISCHAEMIA][i] + (1 - keep) * dry1;
            x[to + NOCICEPTORS][i] = keep * x[NOCICEPTORS][i] + (1 - keep) * sore1;
        }
    }
}

/* One step of the three Euler stages of Shu and Osher, as reference.py takes it. */
INLINE void NAME(step)(const Body *body, Block *b, const Memory *m, const Kept *whole)
{
    const Row *start = (const Row *)m->levels, *first = (const Row *)m->first_levels, *second = (const Row *)m->second_levels;
    NAME(move_levels)(body, b, m, start, m->first_levels, 0, 0);
    NAME(move_muscles)(body, b, m, start, &b->stage[0], 0, MIDDLE, 0);
    NAME(move_levels)(body, b, m, first, m->second_levels, MIDDLE, (REAL)0.75);
    NAME(move_muscles)(body, b, m, first, &b->stage[1], MIDDLE, MIDDLE, (REAL)0.75);
    NAME(move_levels)(body, b, m, second, m->levels, MIDDLE, (REAL)(1. / 3));
    NAME(move_muscles)(body, b, m, second, &b->stage[2], MIDDLE, 0, (REAL)(1. / 3));
    for (int k = 0; k < 3; k++)
        NAME(pass)(&b->stage[k], whole);
}

/* What needles and heat left, at the end of a stretch: exact, so at no other time. */
INLINE void NAME(fade)(const Body *body, const Kept *d, const Memory *m)
{
    for (int32_t n = 0; n < body->muscles; n++) {
        Row *x = m->x + (int64_t)n * STRIDE;
        EACH {
            x[POTENTIAL][i] *= d->potential[i], x[TENDON][i] *= d->tendon[i], x[HYPERAEMIA][i] *= d->blood[i];
            x[SORENESS][i] = x[SORENESS][i] * d->soreness[i] + x[TRAUMA][i] * d->sorer[i];
            x[TRAUMA][i] *= d->trauma[i];
        }
    }
}

#include "events.h"

static DISPATCH void NAME(run)(const Body *body, const Course *course, const Run *run, int32_t block, void *memory)
{
    const int32_t muscles = body->muscles, levels = body->levels;
    Block b;
    Memory m;
    m.x = memory, m.levels = m.x + (int64_t)muscles * STRIDE, m.first_levels = m.levels + levels * 2;
    m.second_levels = m.first_levels + levels * 2, m.spared = m.second_levels + levels * 2, m.closing = m.spared + levels;
    NAME(prepare)(&b, run, block);
    NAME(begin)(body, run, &b, &m);
    int32_t forced = -1;
    for (int32_t k = 0; k < course->stretches; k++) {
        if (course->reading[k] >= 0)
            NAME(read)(body, run, &b, &m, course->reading[k]);
        if (course->event[k] >= 0)
            NAME(needle)(body, course, run, &b, &m, course->event[k]);
        if (!course->count[k])
            continue;
        if (forced != course->forced[k])
            NAME(force)(body, course, &b, &m, forced = course->forced[k]);
        const double days = course->length[k];
        const Kept *half = NAME(kept)(&b, days / 2), *whole = NAME(kept)(&b, days);
        NAME(lay)(&b, days);
        NAME(set)(&b.stage[0], &b, NULL, days), NAME(set)(&b.stage[1], &b, whole, days);
        NAME(set)(&b.stage[2], &b, half, days);
        for (int32_t n = 0; n < course->count[k]; n++)
            NAME(step)(body, &b, &m, whole);
        NAME(fade)(body, NAME(kept)(&b, days * course->count[k]), &m);
    }
    NAME(finish)(body, run, &b, &m);
}

#undef EACH
#undef Row
#undef Kept
#undef Stage
#undef Pace
#undef Block
#undef MIDDLE
#undef STRIDE
#undef Memory
