/* What happens between steps: inputs, needles, readings. Included by lanes.h, once for each width. */

static void NAME(begin)(const Body *body, const Run *run, const Block *b, const Memory *m)
{
    const int64_t muscles = (int64_t)STATES * body->muscles, levels = (int64_t)LEVEL_STATES * body->levels;
    for (int64_t k = 0; k < muscles; k++)
        NAME(take)(m->x[k], run->start_muscles + k * run->people, run->people, b);
    for (int64_t k = 0; k < levels; k++)
        NAME(take)(m->levels[k], run->start_levels + k * run->people, run->people, b);
}

static void NAME(force)(const Body *body, const Course *course, Block *b, const Memory *m, int32_t row)
{
    for (int32_t l = 0; l < body->levels; l++) {
        const int64_t at = (int64_t)row * body->levels + l;
        NAME(take)(m->cause[l], course->cause.value + at * course->cause.people, course->cause.people, b);
        NAME(take)(m->closing[l], course->closing.value + at * course->closing.people, course->closing.people, b);
    }
    Row movement;
    NAME(take)(movement, course->movement.value + (int64_t)row * course->movement.people, course->movement.people, b);
    EACH b->flow_gain[i] = b->p[P_flow_loss][i] * b->p[P_potential_half][i] * (1 - movement[i]);
    NAME(take)(b->stretch, course->stretch.value + (int64_t)row * course->stretch.people, course->stretch.people, b);
}

/* As events.py: needle(). The middle rows are free here; FLOW of them keeps the twitches. */
static void NAME(needle)(const Body *body, const Course *course, const Run *run, const Block *b, const Memory *m,
                         int32_t event)
{
    const int32_t muscles = body->muscles;
    for (int32_t k = 0; k < muscles; k++) {
        const int64_t at = (int64_t)event * muscles + k;
        Row draw, heat, *x = m->x + k;
        REAL *twitch = m->middle[k];
        NAME(take)(draw, course->draws.value + at * course->draws.people, course->draws.people, b);
        NAME(take)(heat, course->heat.value + at * course->heat.people, course->heat.people, b);
        EACH {
            const REAL ready = (REAL)sqrt((double)(x[RECEPTORS * muscles][i] * x[SHORTENING * muscles][i]));
            const REAL half = b->p[P_twitch_half][i], ready3 = ready * ready * ready;
            const REAL chance = ready3 / (ready3 + half * half * half), needled = draw[i] < (REAL)1.5 ? 1 : 0;
            const REAL answered = draw[i] < 0 ? chance : (draw[i] < chance ? 1 : 0), t = ready * answered * needled;
#define SHARE(name, alone) (b->p[P_##alone][i] * needled + (1 - b->p[P_##alone][i]) * t) * b->p[P_##name][i]
            twitch[i] = t;
            x[SHORTENING * muscles][i] *= 1 - b->p[P_twitch_releases][i] * t;
            x[NOCICEPTORS * muscles][i] *= 1 - b->p[P_twitch_washes][i] * t;
            x[POTENTIAL * muscles][i] += SHARE(potential_dose, potential_alone);
            x[TENDON * muscles][i] += t;
            x[HYPERAEMIA * muscles][i] += b->p[P_blood_alone][i] * needled + (1 - b->p[P_blood_alone][i]) * t + heat[i];
            x[TRAUMA * muscles][i] += SHARE(trauma_dose, trauma_alone);
#undef SHARE
        }
        for (int i = 0; i < b->filled; i++)
            run->twitches[at * run->people + b->lane[i]] = (float)twitch[i];
    }
    for (int32_t l = 0; l < body->levels; l++) {
        Row near, away;
        NAME(gather)(near, &body->beside, l, (const Row *)m->middle);
        NAME(gather)(away, &body->drive, l, (const Row *)m->middle);
        REAL *central = m->levels[CENTRAL * body->levels + l];
        EACH {
            const REAL share = b->p[P_spine_share][i];
            central[i] *= 1 - b->p[P_twitch_calms][i] * (share * near[i] + (1 - share) * away[i]);
        }
    }
}

/* Pain by region as the sum of eighth powers, and the tightest muscle. */
static void NAME(regions)(const Body *body, const Run *run, const Block *b, const Memory *m, int32_t reading)
{
    const int32_t muscles = body->muscles;
    const REAL nociceptors = (REAL)run->weights[Q_pain_nociceptors], with_central = (REAL)run->weights[Q_pain_central];
    const REAL soreness = (REAL)run->weights[Q_pain_soreness], heat = (REAL)run->weights[Q_soreness_heat];
    for (int32_t k = 0; k < muscles; k++) {
        const Row *x = (const Row *)m->x + k;
        const int64_t at = ((int64_t)reading * body->regions + body->region[k]) * run->people;
        Row central, eighth;
        NAME(gather)(central, &body->supply, k, (const Row *)m->levels + CENTRAL * body->levels);
        EACH {
            const REAL sore = x[SORENESS * muscles][i] / (1 + heat * x[HYPERAEMIA * muscles][i]);
            const REAL drive = x[NOCICEPTORS * muscles][i] * (nociceptors + with_central * central[i]) + soreness * sore;
            const REAL second = drive * drive, fourth = second * second;
            eighth[i] = fourth * fourth;
        }
        REAL *drives = (REAL *)run->drive + at, *shortening = (REAL *)run->shortening + at;
        for (int i = 0; i < b->filled; i++) {
            const REAL here = x[SHORTENING * muscles][i], before = shortening[b->lane[i]];
            drives[b->lane[i]] += eighth[i];
            shortening[b->lane[i]] = here > before ? here : before;
        }
    }
}

static void NAME(keep)(double *out, const Row *rows, int64_t count, const Run *run, const Block *b)
{
    for (int64_t k = 0; k < count; k++)
        for (int i = 0; i < b->filled; i++)
            out[k * run->people + b->lane[i]] = rows[k][i];
}

static void NAME(read)(const Body *body, const Run *run, const Block *b, const Memory *m, int32_t reading)
{
    const int64_t muscles = (int64_t)STATES * body->muscles, levels = (int64_t)LEVEL_STATES * body->levels;
    NAME(regions)(body, run, b, m, reading);
    if (run->muscles) {
        NAME(keep)(run->muscles + reading * muscles * run->people, (const Row *)m->x, muscles, run, b);
        NAME(keep)(run->levels + reading * levels * run->people, (const Row *)m->levels, levels, run, b);
    }
}

static void NAME(finish)(const Body *body, const Run *run, const Block *b, const Memory *m)
{
    const int64_t muscles = (int64_t)STATES * body->muscles, levels = (int64_t)LEVEL_STATES * body->levels;
    NAME(keep)(run->end_muscles, (const Row *)m->x, muscles, run, b);
    NAME(keep)(run->end_levels, (const Row *)m->levels, levels, run, b);
    Row bad;
    EACH bad[i] = 0;
    for (int64_t k = 0; k < muscles; k++)
        EACH bad[i] += m->x[k][i] - m->x[k][i];
    for (int64_t k = 0; k < levels; k++)
        EACH bad[i] += m->levels[k][i] - m->levels[k][i];
    for (int i = 0; i < b->filled; i++)
        run->outcome[b->lane[i]] = !(bad[i] == 0);
}
