/* One block of people through the whole course; included once for float and once for double.
 *
 * Each state of each muscle is a row with one number a person (lane). Divisions are the dearest operation, so
 * several denominators are multiplied and inverted together; the tests hold this equal to the plain formulas.
 */

typedef REAL NAME(Row)[LANES];
#define Row NAME(Row)
#define EACH _Pragma("GCC ivdep") for (int i = 0; i < LANES; i++) /* a lane never reads another */

typedef struct {
    Row flow, ischaemia, nociceptors, root_rise, root_fall, central_rise, central_fall;
    Row potential, tendon, blood, trauma, soreness, sorer; /* factors over one span of days */
    REAL days;
} NAME(Decay);
#define Decay NAME(Decay)

typedef struct {
    Row p[PARAMETER_COUNT];
    Row root4, receptor2, receptor_gain, shorten3, ischaemia2, ischaemia_gain, central2, central_gain1;
    Row rise, fall, own;         /* rates of receptors and shortening */
    Row flow_gain, stretch;      /* of the inputs of this stretch */
    Row unshortened, shortened;  /* shares of receptors in pain */
    Decay half, full;
    int lane[LANES], filled;
} NAME(Block);
#define Block NAME(Block)

typedef struct { /* rows: state * muscles + muscle; middle holds the first five at half a step */
    Row *x, *middle, *levels, *middle_levels, *cause, *closing;
} NAME(Memory);
#define Memory NAME(Memory)

static void NAME(take)(Row out, const double *row, int32_t people, const Block *b)
{
    EACH out[i] = (REAL)row[people == 1 ? 0 : b->lane[i]];
}

static void NAME(prepare)(Block *b, const Run *run, int32_t block)
{
    EACH {
        const int32_t person = block * LANES + i; /* the last block repeats its last person */
        b->lane[i] = person < run->people ? person : run->people - 1;
    }
    for (int n = 0; n < PARAMETER_COUNT; n++)
        NAME(take)(b->p[n], run->parameters + (int64_t)n * run->parameter_people, run->parameter_people, b);
    EACH {
        const REAL root = b->p[P_root_half][i], receptor = b->p[P_receptor_half][i];
        const REAL shorten = b->p[P_shorten_half][i], blood = b->p[P_ischaemia_half][i], central = b->p[P_central_half][i];
        b->root4[i] = root * root * root * root;
        b->receptor2[i] = receptor * receptor, b->receptor_gain[i] = 1 + receptor * receptor;
        b->shorten3[i] = shorten * shorten * shorten;
        b->ischaemia2[i] = blood * blood, b->ischaemia_gain[i] = (1 + blood * blood) * b->p[P_blood_half][i];
        b->central2[i] = central * central, b->central_gain1[i] = 1 + central * central;
        b->rise[i] = 1 / b->p[P_receptor_rise][i], b->fall[i] = 1 / b->p[P_receptor_fall][i];
        b->own[i] = 1 / b->p[P_shorten_time][i];
        b->unshortened[i] = b->p[P_pain_of_receptors][i] * b->p[P_sore_unshortened][i];
        b->shortened[i] = b->p[P_pain_of_receptors][i] - b->unshortened[i];
    }
    b->filled = run->people - block * LANES < LANES ? run->people - block * LANES : LANES;
    b->half.days = b->full.days = -1;
}

static void NAME(decays)(Decay *d, const Block *b, double days)
{
    d->days = (REAL)days;
    EACH {
#define KEPT(name) exp(-days / (double)b->p[P_##name][i])
        d->flow[i] = (REAL)KEPT(flow_time), d->ischaemia[i] = (REAL)KEPT(ischaemia_time);
        d->nociceptors[i] = (REAL)KEPT(nociceptor_time);
        d->root_rise[i] = (REAL)KEPT(root_rise), d->root_fall[i] = (REAL)KEPT(root_fall);
        d->central_rise[i] = (REAL)KEPT(central_rise), d->central_fall[i] = (REAL)KEPT(central_fall);
        d->potential[i] = (REAL)KEPT(potential_time), d->tendon[i] = (REAL)KEPT(tendon_time);
        d->blood[i] = (REAL)KEPT(blood_time);
        const double trauma = KEPT(trauma_time), soreness = KEPT(soreness_time);
        const double slow = b->p[P_soreness_time][i], quick = b->p[P_trauma_time][i];
        d->trauma[i] = (REAL)trauma, d->soreness[i] = (REAL)soreness;
        d->sorer[i] = (REAL)((soreness - trauma) * slow / (slow - quick));
#undef KEPT
    }
}

INLINE void NAME(gather)(Row out, const Sparse *s, int32_t row, const Row *from)
{
    const int32_t begin = s->at[row], end = s->at[row + 1];
    EACH out[i] = 0;
    for (int32_t k = begin; k < end; k++) {
        const REAL weight = (REAL)s->weight[k];
        const REAL *restrict column = from[s->column[k]];
        EACH out[i] += weight * column[i];
    }
}

/* A row's sum, or where one weight is 1 the row itself. */
INLINE const REAL *NAME(summed)(Row out, const Sparse *s, int32_t row, const Row *from)
{
    const int32_t k = s->at[row];
    if (s->at[row + 1] == k + 1 && s->weight[k] == 1)
        return from[s->column[k]];
    NAME(gather)(out, s, row, from);
    return out;
}

/* Levels after `d`: pulled by what `x` and `levels` hold, from `start`, into `out`. */
INLINE void NAME(move_levels)(const Body *body, const Block *b, const Decay *d, const Row *x, const Row *levels,
                              const Row *start, Row *out, const Memory *m)
{
    const int32_t muscles = body->muscles, count = body->levels;
    for (int32_t l = 0; l < count; l++) {
        Row sums[2], away;
        const REAL *restrict near = NAME(summed)(sums[0], &body->beside, l, x + (int64_t)SHORTENING * muscles);
        const REAL *restrict sore = NAME(summed)(sums[1], &body->beside, l, x + (int64_t)NOCICEPTORS * muscles);
        NAME(gather)(away, &body->drive, l, x + (int64_t)NOCICEPTORS * muscles);
        const REAL *restrict root = levels[ROOT * count + l], *restrict central = levels[CENTRAL * count + l];
        const REAL *restrict root0 = start[ROOT * count + l], *restrict central0 = start[CENTRAL * count + l];
        REAL *root1 = out[ROOT * count + l], *central1 = out[CENTRAL * count + l];
        EACH {
            const REAL squeeze2 = near[i] * near[i], squeeze4 = squeeze2 * squeeze2;
            const REAL share = b->p[P_spine_share][i];
            const REAL heard = share * sore[i] + (1 - share) * away[i], heard2 = heard * heard;
            const REAL below = squeeze4 + b->root4[i], beneath = heard2 + b->central2[i], both = 1 / (below * beneath);
            const REAL squeeze = m->closing[l][i] * squeeze4 * beneath * both;
            const REAL target = 1 - (1 - m->cause[l][i]) * (1 - squeeze);
            const REAL asked = b->central_gain1[i] * heard2 * below * both;
            const REAL kept = target > root[i] ? d->root_rise[i] : d->root_fall[i];
            const REAL kept2 = asked > central[i] ? d->central_rise[i] : d->central_fall[i];
            root1[i] = target + (root0[i] - target) * kept;
            central1[i] = asked + (central0[i] - asked) * kept2;
        }
    }
}

/* Muscles after `d`, likewise. Events of the first stage are those of its start; of the second (`full`) those in
 * the middle of the step, at whose end they are then put. */
INLINE void NAME(move_muscles)(const Body *body, const Block *b, const Decay *d, const Row *x, const Row *levels,
                               Row *start, Row *out, int full)
{
    const int32_t muscles = body->muscles;
    const REAL days = d->days;
    for (int32_t m = 0; m < muscles; m++) {
        Row sums[2];
        const REAL *restrict root = NAME(summed)(sums[0], &body->supply, m, levels + (int64_t)ROOT * body->levels);
        const REAL *restrict central = NAME(summed)(sums[1], &body->supply, m, levels + (int64_t)CENTRAL * body->levels);
#define AT(rows, state) rows[(int64_t)(state) * muscles + m]
        EACH {
            const REAL f = AT(x, FLOW)[i], s = AT(x, RECEPTORS)[i], c = AT(x, SHORTENING)[i], dry = AT(x, ISCHAEMIA)[i];
            const REAL potential = AT(start, POTENTIAL)[i] * (full ? b->half.potential[i] : 1);
            const REAL tendon = AT(start, TENDON)[i] * (full ? b->half.tendon[i] : 1);
            const REAL blood = AT(start, HYPERAEMIA)[i] * (full ? b->half.blood[i] : 1);

            const REAL f2 = f * f, below = f2 + b->receptor2[i], beneath = b->p[P_potential_half][i] + potential;
            const REAL both = 1 / (below * beneath);
            const REAL flow = b->flow_gain[i] * root[i] * below * both;
            const REAL asked = b->receptor_gain[i] * f2 * beneath * both;
            const REAL turnover = asked > s ? b->rise[i] : b->fall[i];

            const REAL pull = (s + s * b->p[P_central_gain][i] * central[i] + b->p[P_ischaemia_shortens][i] * dry) *
                              b->p[P_tendon_half][i];
            const REAL held = b->p[P_tendon_half][i] + tendon, pull3 = pull * pull * pull;
            const REAL whole = pull3 + b->shorten3[i] * held * held * held;
            const REAL slow = 1 + b->p[P_slow_release][i] * dry, inverse = 1 / (whole * slow);
            const REAL short_ = pull3 * inverse * slow;
            const REAL own = (short_ > c ? 1 : whole * inverse) * b->own[i];

            /* decay() of reference.py for both, by one division */
            const REAL z = days * (turnover + b->p[P_potential_clears][i] * potential), y = days * (own + b->stretch[i]);
            const REAL zs = 1 + z * ((REAL)(1. / 2) + z * (REAL)(1. / 6)), ys = 1 + y * ((REAL)(1. / 2) + y * (REAL)(1. / 6));
            const REAL zd = 1 + z * zs, yd = 1 + y * ys, kept = 1 / (zd * yd);

            const REAL c2 = c * c;
            const REAL starved = b->ischaemia_gain[i] * c2 / ((c2 + b->ischaemia2[i]) * (b->p[P_blood_half][i] + blood));
            const REAL sore = b->p[P_pain_of_ischaemia][i] * dry + s * (b->unshortened[i] + b->shortened[i] * c);
            AT(out, FLOW)[i] = flow + (AT(start, FLOW)[i] - flow) * d->flow[i];
            AT(out, RECEPTORS)[i] = (AT(start, RECEPTORS)[i] + days * turnover * asked * zs) * yd * kept;
            AT(out, SHORTENING)[i] = (AT(start, SHORTENING)[i] + days * own * short_ * ys) * zd * kept;
            AT(out, ISCHAEMIA)[i] = starved + (AT(start, ISCHAEMIA)[i] - starved) * d->ischaemia[i];
            AT(out, NOCICEPTORS)[i] = sore + (AT(start, NOCICEPTORS)[i] - sore) * d->nociceptors[i];
            if (full) {
                AT(out, POTENTIAL)[i] *= d->potential[i];
                AT(out, TENDON)[i] *= d->tendon[i];
                AT(out, HYPERAEMIA)[i] *= d->blood[i];
                AT(out, SORENESS)[i] = AT(out, SORENESS)[i] * d->soreness[i] + AT(out, TRAUMA)[i] * d->sorer[i];
                AT(out, TRAUMA)[i] *= d->trauma[i];
            }
        }
    }
}

INLINE void NAME(step)(const Body *body, const Block *b, const Memory *m)
{
    NAME(move_levels)(body, b, &b->half, m->x, m->levels, m->levels, m->middle_levels, m);
    NAME(move_muscles)(body, b, &b->half, m->x, m->levels, m->x, m->middle, 0);
    NAME(move_levels)(body, b, &b->full, m->middle, m->middle_levels, m->levels, m->levels, m);
    NAME(move_muscles)(body, b, &b->full, m->middle, m->middle_levels, m->x, m->x, 1);
}

#include "events.h"

static DISPATCH void NAME(run)(const Body *body, const Course *course, const Run *run, int32_t block, void *memory)
{
    const int32_t muscles = body->muscles, levels = body->levels;
    Block b;
    Memory m;
    m.x = memory, m.middle = m.x + (int64_t)muscles * STATES, m.levels = m.middle + (int64_t)muscles * 5;
    m.middle_levels = m.levels + levels * 2, m.cause = m.middle_levels + levels * 2, m.closing = m.cause + levels;
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
        if (b.full.days != (REAL)course->length[k]) {
            NAME(decays)(&b.half, &b, course->length[k] / 2);
            NAME(decays)(&b.full, &b, course->length[k]);
        }
        for (int32_t n = 0; n < course->count[k]; n++)
            NAME(step)(body, &b, &m);
    }
    NAME(finish)(body, run, &b, &m);
}

#undef AT
#undef EACH
#undef Row
#undef Decay
#undef Block
#undef Memory
