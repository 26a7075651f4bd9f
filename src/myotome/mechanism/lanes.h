/* One block of people through the whole course; included once for float and once for double.
 *
 * Each state of each muscle is a row with one number a person (lane); the rows of a muscle lie together. Divisions
 * are the dearest operation, so several denominators are multiplied and inverted together, and what does not change
 * from muscle to muscle is worked out once a stretch; the tests hold this equal to the plain formulas.
 */

typedef REAL NAME(Row)[LANES];
#define Row NAME(Row)
#define EACH _Pragma("GCC ivdep") for (int i = 0; i < LANES; i++) /* a lane never reads another */

typedef struct { /* what is left after some days of what fades */
    Row flow, ischaemia, nociceptors, root_rise, root_fall, central_rise, central_fall;
    Row potential, tendon, blood, trauma, soreness, sorer;
    double days;
} NAME(Kept);
#define Kept NAME(Kept)

typedef struct { /* one of the two stages of a step: what is kept of the start, and the weight of what pulls */
    const Kept *kept;
    Row flow, ischaemia, of_ischaemia, unshortened, shortened;
    Row rise, fall, own, stretch; /* rates times the days of the stage */
    Row calm, clears, tendon, blood; /* of what the last needle left: its share of that at the start of the stretch */
} NAME(Stage);
#define Stage NAME(Stage)

enum { NAME(KNOWN) = 8 };

typedef struct {
    Row p[PARAMETER_COUNT];
    Row root4, receptor2, receptor_gain, ischaemia2, ischaemia_gain, central2, central_gain1;
    Row drive, drive_central, drive_ischaemia; /* of shortening, in parts of its half */
    Row flow_gain, stretch;                    /* of the inputs of this stretch */
    Kept known[NAME(KNOWN)];
    Stage half, full;
    int next, alike, first, filled, lane[LANES];
} NAME(Block);
#define Block NAME(Block)

/* x: of each muscle its states, then the first five of them at half a step. */
enum { NAME(MIDDLE) = STATES, NAME(STRIDE) = STATES + 5 };
#define MIDDLE NAME(MIDDLE)
#define STRIDE NAME(STRIDE)

typedef struct {
    Row *x, *levels, *middle_levels, *spared, *closing; /* spared: 1 - cause */
} NAME(Memory);
#define Memory NAME(Memory)

INLINE void NAME(take)(Row out, const double *row, int32_t people, const Block *b)
{
    if (people == 1) {
        EACH out[i] = (REAL)row[0];
    } else {
        EACH out[i] = (REAL)row[b->lane[i]];
    }
}

INLINE void NAME(prepare)(Block *b, const Run *run, int32_t block)
{
    b->first = block * LANES;
    EACH {
        const int32_t person = block * LANES + i; /* the last block repeats its last person */
        b->lane[i] = person < run->people ? person : run->people - 1;
    }
    b->filled = run->people - b->first < LANES ? run->people - b->first : LANES;
    for (int n = 0; n < PARAMETER_COUNT; n++)
        NAME(take)(b->p[n], run->parameters + (int64_t)n * run->parameter_people, run->parameter_people, b);
    EACH {
        const REAL root = b->p[P_root_half][i], receptor = b->p[P_receptor_half][i];
        const REAL shorten = b->p[P_shorten_half][i], blood = b->p[P_ischaemia_half][i], central = b->p[P_central_half][i];
        b->root4[i] = root * root * root * root;
        b->receptor2[i] = receptor * receptor, b->receptor_gain[i] = 1 + receptor * receptor;
        b->drive[i] = 1 / shorten, b->drive_central[i] = b->p[P_central_gain][i] / shorten;
        b->drive_ischaemia[i] = b->p[P_ischaemia_shortens][i] / shorten;
        b->ischaemia2[i] = blood * blood, b->ischaemia_gain[i] = 1 + blood * blood;
        b->central2[i] = central * central, b->central_gain1[i] = 1 + central * central;
    }
    b->next = 0, b->alike = run->parameter_people == 1;
    for (int n = 0; n < NAME(KNOWN); n++)
        b->known[n].days = -1;
}

/* What is kept after `days`: looked up, as most stretches have steps of the same lengths. */
static const Kept *NAME(kept)(Block *b, double days)
{
    for (int n = 0; n < NAME(KNOWN); n++)
        if (b->known[n].days == days) {
            b->next = b->next == n ? (n + 1) % NAME(KNOWN) : b->next; /* the one just found is not forgotten next */
            return &b->known[n];
        }
    Kept *k = &b->known[b->next];
    b->next = (b->next + 1) % NAME(KNOWN);
    k->days = days;
    for (int i = 0; i < (b->alike ? 1 : LANES); i++) {
#define KEPT(name) exp(-days / (double)b->p[P_##name][i])
        k->flow[i] = (REAL)KEPT(flow_time), k->ischaemia[i] = (REAL)KEPT(ischaemia_time);
        k->nociceptors[i] = (REAL)KEPT(nociceptor_time);
        k->root_rise[i] = (REAL)KEPT(root_rise), k->root_fall[i] = (REAL)KEPT(root_fall);
        k->central_rise[i] = (REAL)KEPT(central_rise), k->central_fall[i] = (REAL)KEPT(central_fall);
        k->potential[i] = (REAL)KEPT(potential_time), k->tendon[i] = (REAL)KEPT(tendon_time);
        k->blood[i] = (REAL)KEPT(blood_time);
        const double trauma = KEPT(trauma_time), soreness = KEPT(soreness_time);
        const double slow = b->p[P_soreness_time][i], quick = b->p[P_trauma_time][i];
        k->trauma[i] = (REAL)trauma, k->soreness[i] = (REAL)soreness;
        k->sorer[i] = (REAL)((soreness - trauma) * slow / (slow - quick));
#undef KEPT
    }
    for (Row *row = &k->flow; b->alike && row <= &k->sorer; row++)
        EACH (*row)[i] = (*row)[0];
    return k;
}

/* A stage that spans `kept`; `since` is how much of what the needle left is there then, NULL for all. */
INLINE void NAME(lay)(Stage *s, const Block *b, const Kept *kept, const Kept *since)
{
    const REAL days = (REAL)kept->days;
    s->kept = kept;
    EACH {
        const REAL sore = 1 - kept->nociceptors[i], all = b->p[P_pain_of_receptors][i] * sore;
        s->flow[i] = (1 - kept->flow[i]) * b->flow_gain[i];
        s->ischaemia[i] = (1 - kept->ischaemia[i]) * b->ischaemia_gain[i];
        s->of_ischaemia[i] = b->p[P_pain_of_ischaemia][i] * sore;
        s->unshortened[i] = all * b->p[P_sore_unshortened][i], s->shortened[i] = all - s->unshortened[i];
        s->rise[i] = days / b->p[P_receptor_rise][i], s->fall[i] = days / b->p[P_receptor_fall][i];
        s->own[i] = days / b->p[P_shorten_time][i], s->stretch[i] = days * b->stretch[i];
        const REAL potential = since ? since->potential[i] : 1;
        s->calm[i] = potential / b->p[P_potential_half][i], s->clears[i] = days * b->p[P_potential_clears][i] * potential;
        s->tendon[i] = (since ? since->tendon[i] : 1) / b->p[P_tendon_half][i];
        s->blood[i] = (since ? since->blood[i] : 1) / b->p[P_blood_half][i];
    }
}

INLINE void NAME(pass)(Stage *s, const Kept *step)
{
    EACH {
        s->calm[i] *= step->potential[i], s->clears[i] *= step->potential[i];
        s->tendon[i] *= step->tendon[i], s->blood[i] *= step->blood[i];
    }
}

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

/* Levels after a stage: pulled by what the muscles' rows from `at` on and `levels` hold, into `out`. */
INLINE void NAME(move_levels)(const Body *body, const Block *b, const Stage *s, const Row *levels, Row *out,
                              const Memory *m, int at)
{
    const int32_t count = body->levels;
    const Kept *d = s->kept;
    for (int32_t l = 0; l < count; l++) {
        Row sums[2], away;
        const REAL *restrict near = NAME(summed)(sums[0], &body->beside, l, (const Row *)m->x + at + SHORTENING, STRIDE);
        const REAL *restrict sore = NAME(summed)(sums[1], &body->beside, l, (const Row *)m->x + at + NOCICEPTORS, STRIDE);
        NAME(gather)(away, &body->drive, l, (const Row *)m->x + at + NOCICEPTORS, STRIDE);
        const REAL *restrict root = levels[ROOT * count + l], *restrict central = levels[CENTRAL * count + l];
        const REAL *restrict root0 = m->levels[ROOT * count + l], *restrict central0 = m->levels[CENTRAL * count + l];
        REAL *root1 = out[ROOT * count + l], *central1 = out[CENTRAL * count + l];
        EACH {
            const REAL squeeze2 = near[i] * near[i], squeeze4 = squeeze2 * squeeze2;
            const REAL share = b->p[P_spine_share][i];
            const REAL heard = away[i] + share * (sore[i] - away[i]), heard2 = heard * heard;
            const REAL below = squeeze4 + b->root4[i], beneath = heard2 + b->central2[i], both = 1 / (below * beneath);
            const REAL squeeze = m->closing[l][i] * squeeze4 * beneath * both;
            const REAL target = 1 - m->spared[l][i] * (1 - squeeze);
            const REAL asked = b->central_gain1[i] * heard2 * below * both;
            const REAL up = d->root_rise[i], down = d->root_fall[i], kept = target > root[i] ? up : down;
            const REAL up2 = d->central_rise[i], down2 = d->central_fall[i], kept2 = asked > central[i] ? up2 : down2;
            root1[i] = target + (root0[i] - target) * kept;
            central1[i] = asked + (central0[i] - asked) * kept2;
        }
    }
}

/* Muscles after a stage: pulled by their rows from `at` on, into those from `to` on. */
INLINE void NAME(move_muscles)(const Body *body, const Block *b, const Stage *s, const Row *levels, const Memory *m,
                               int at, int to)
{
    const Kept *d = s->kept;
    const int32_t muscles = body->muscles;
    for (int32_t n = 0; n < muscles; n++) {
        Row sums[2], *x = m->x + (int64_t)n * STRIDE;
        const REAL *restrict root = NAME(summed)(sums[0], &body->supply, n, levels + ROOT * body->levels, 1);
        const REAL *restrict central = NAME(summed)(sums[1], &body->supply, n, levels + CENTRAL * body->levels, 1);
        EACH {
            const REAL f = x[at + FLOW][i], have = x[at + RECEPTORS][i], c = x[at + SHORTENING][i], dry = x[at + ISCHAEMIA][i];
            const REAL potential = x[POTENTIAL][i], held = 1 + x[TENDON][i] * s->tendon[i];

            const REAL f2 = f * f, below = f2 + b->receptor2[i], beneath = 1 + potential * s->calm[i];
            const REAL both = 1 / (below * beneath);
            const REAL asked = b->receptor_gain[i] * f2 * (beneath * both);
            const REAL rise = s->rise[i], fall = s->fall[i], turnover = asked > have ? rise : fall;

            const REAL pull = have * (b->drive[i] + b->drive_central[i] * central[i]) + b->drive_ischaemia[i] * dry;
            const REAL pull3 = pull * pull * pull, whole = pull3 + held * held * held;
            const REAL slow = 1 + b->p[P_slow_release][i] * dry, short_ = pull3 / whole;
            const REAL quick = s->own[i], slowed = quick / slow, own = short_ > c ? quick : slowed;

            /* decay() of reference.py for both, by one division */
            const REAL z = turnover + s->clears[i] * potential, y = own + s->stretch[i];
            const REAL zs = 1 + z * ((REAL)(1. / 2) + z * (REAL)(1. / 6)), ys = 1 + y * ((REAL)(1. / 2) + y * (REAL)(1. / 6));
            const REAL zd = 1 + z * zs, yd = 1 + y * ys;

            const REAL c2 = c * c, bled = (c2 + b->ischaemia2[i]) * (1 + x[HYPERAEMIA][i] * s->blood[i]);
            const REAL sore = s->of_ischaemia[i] * dry + have * (s->unshortened[i] + s->shortened[i] * c);
            x[to + FLOW][i] = s->flow[i] * root[i] * below * both + x[FLOW][i] * d->flow[i];
            x[to + RECEPTORS][i] = (x[RECEPTORS][i] + turnover * asked * zs) / zd;
            x[to + SHORTENING][i] = (x[SHORTENING][i] + own * short_ * ys) / yd;
            x[to + ISCHAEMIA][i] = s->ischaemia[i] * c2 / bled + x[ISCHAEMIA][i] * d->ischaemia[i];
            x[to + NOCICEPTORS][i] = sore + x[NOCICEPTORS][i] * d->nociceptors[i];
        }
    }
}

INLINE void NAME(step)(const Body *body, Block *b, const Memory *m)
{
    NAME(move_levels)(body, b, &b->half, (const Row *)m->levels, m->middle_levels, m, 0);
    NAME(move_muscles)(body, b, &b->half, (const Row *)m->levels, m, 0, MIDDLE);
    NAME(move_levels)(body, b, &b->full, (const Row *)m->middle_levels, m->levels, m, MIDDLE);
    NAME(move_muscles)(body, b, &b->full, (const Row *)m->middle_levels, m, MIDDLE, 0);
    NAME(pass)(&b->half, b->full.kept), NAME(pass)(&b->full, b->full.kept);
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
    m.x = memory, m.levels = m.x + (int64_t)muscles * STRIDE;
    m.middle_levels = m.levels + levels * 2, m.spared = m.middle_levels + levels * 2, m.closing = m.spared + levels;
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
        NAME(lay)(&b.half, &b, half, NULL), NAME(lay)(&b.full, &b, whole, half);
        for (int32_t n = 0; n < course->count[k]; n++)
            NAME(step)(body, &b, &m);
        NAME(fade)(body, NAME(kept)(&b, days * course->count[k]), &m);
    }
    NAME(finish)(body, run, &b, &m);
}

#undef EACH
#undef Row
#undef Kept
#undef Stage
#undef Block
#undef MIDDLE
#undef STRIDE
#undef Memory
