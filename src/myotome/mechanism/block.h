/* A block of people: parameters, inputs and what fades, as rows. Included by lanes.h, once for each width. */

typedef REAL NAME(Row)[LANES];
#define Row NAME(Row)
#define EACH _Pragma("GCC ivdep") for (int i = 0; i < LANES; i++) /* a lane never reads another */

typedef struct { /* what is left after some days of what needles and heat set */
    Row potential, tendon, blood, trauma, soreness, sorer;
    double days;
} NAME(Kept);
#define Kept NAME(Kept)

typedef struct { /* of what the needle left, as one of the three stages of a step sees it */
    Row calm, clears, tendon, blood;
} NAME(Stage);
#define Stage NAME(Stage)

typedef struct { /* rates times the days of a step, and what goes with them */
    Row root_rise, root_fall, central_rise, central_fall, rise, fall, own, stretch;
    Row flow, flow_gain, ischaemia, ischaemia_gain, nociceptors, of_ischaemia, unshortened, shortened;
} NAME(Pace);
#define Pace NAME(Pace)

enum { NAME(KNOWN) = 8 };

typedef struct {
    Row p[PARAMETER_COUNT];
    Row root4, receptor2, receptor_gain, ischaemia2, central2, central_gain1;
    Row drive, drive_central, drive_ischaemia; /* of shortening, in parts of its half */
    Row movement, stretch;                     /* inputs of this stretch */
    Kept known[NAME(KNOWN)];
    Stage stage[3];
    Pace pace;
    int next, alike, first, filled, lane[LANES];
} NAME(Block);
#define Block NAME(Block)

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
        b->ischaemia2[i] = blood * blood;
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
        const double trauma = KEPT(trauma_time), soreness = KEPT(soreness_time);
        const double slow = b->p[P_soreness_time][i], quick = b->p[P_trauma_time][i];
        k->potential[i] = (REAL)KEPT(potential_time), k->tendon[i] = (REAL)KEPT(tendon_time);
        k->blood[i] = (REAL)KEPT(blood_time);
        k->trauma[i] = (REAL)trauma, k->soreness[i] = (REAL)soreness;
        k->sorer[i] = (REAL)((soreness - trauma) * slow / (slow - quick));
#undef KEPT
    }
    for (Row *row = &k->potential; b->alike && row <= &k->sorer; row++)
        EACH (*row)[i] = (*row)[0];
    return k;
}

/* A stretch of steps of `length` days: what does not change from muscle to muscle, nor from step to step. */
INLINE void NAME(lay)(Block *b, double length)
{
    const REAL days = (REAL)length;
    Pace *s = &b->pace;
    EACH {
        const REAL blood = b->p[P_ischaemia_half][i], receptors = b->p[P_pain_of_receptors][i];
        s->root_rise[i] = days / b->p[P_root_rise][i], s->root_fall[i] = days / b->p[P_root_fall][i];
        s->central_rise[i] = days / b->p[P_central_rise][i], s->central_fall[i] = days / b->p[P_central_fall][i];
        s->rise[i] = days / b->p[P_receptor_rise][i], s->fall[i] = days / b->p[P_receptor_fall][i];
        s->own[i] = days / b->p[P_shorten_time][i], s->stretch[i] = days * b->stretch[i];
        s->flow[i] = days / b->p[P_flow_time][i];
        s->flow_gain[i] = s->flow[i] * b->p[P_flow_loss][i] * (1 - b->movement[i]);
        s->ischaemia[i] = days / b->p[P_ischaemia_time][i], s->ischaemia_gain[i] = s->ischaemia[i] * (1 + blood * blood);
        s->nociceptors[i] = days / b->p[P_nociceptor_time][i];
        s->of_ischaemia[i] = s->nociceptors[i] * b->p[P_pain_of_ischaemia][i];
        s->unshortened[i] = s->nociceptors[i] * receptors * b->p[P_sore_unshortened][i];
        s->shortened[i] = s->nociceptors[i] * receptors - s->unshortened[i];
    }
}

/* A stage that comes when `since` (NULL: all) of what the needle left is there. */
INLINE void NAME(set)(Stage *s, const Block *b, const Kept *since, double days)
{
    EACH {
        const REAL potential = since ? since->potential[i] : 1;
        s->calm[i] = potential / b->p[P_potential_half][i];
        s->clears[i] = (REAL)days * b->p[P_potential_clears][i] * potential;
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
