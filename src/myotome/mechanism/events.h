/* What happens between steps: inputs, needles, readings. Included by lanes.h, once for each width. */

/* Row of a state of a muscle, the states of one kind being together outside. */
INLINE REAL *NAME(row)(const Body *body, const Memory *m, int64_t k)
{
    return m->x[k % body->muscles * STRIDE + k / body->muscles];
}

INLINE void NAME(begin)(const Body *body, const Run *run, const Block *b, const Memory *m)
{
    const int64_t muscles = (int64_t)STATES * body->muscles, levels = (int64_t)LEVEL_STATES * body->levels;
    for (int64_t k = 0; k < muscles; k++)
        NAME(take)(NAME(row)(body, m, k), run->start_muscles + k * run->people, run->people, b);
    for (int64_t k = 0; k < levels; k++)
        NAME(take)(m->levels[k], run->start_levels + k * run->people, run->people, b);
}

INLINE void NAME(force)(const Body *body, const Course *course, Block *b, const Memory *m, int32_t row)
{
    for (int32_t l = 0; l < body->levels; l++) {
        const int64_t at = (int64_t)row * body->levels + l;
        NAME(take)(m->spared[l], course->cause.value + at * course->cause.people, course->cause.people, b);
        EACH m->spared[l][i] = 1 - m->spared[l][i];
        NAME(take)(m->closing[l], course->closing.value + at * course->closing.people, course->closing.people, b);
    }
    const Table *moved = &course->movement;
    NAME(take)(b->movement, moved->value + (int64_t)row * moved->people, moved->people, b);
    NAME(take)(b->stretch, course->stretch.value + (int64_t)row * course->stretch.people, course->stretch.people, b);
}

/* As events.py: needle(). The middle rows are free here; FLOW of them keeps the twitches. */
INLINE void NAME(needle)(const Body *body, const Course *course, const Run *run, const Block *b, const Memory *m,
                         int32_t event)
{
    const int32_t muscles = body->muscles;
    for (int32_t k = 0; k < muscles; k++) {
        const int64_t at = (int64_t)event * muscles + k;
        Row draw, heat, *x = m->x + (int64_t)k * STRIDE;
        REAL *twitch = x[MIDDLE];
        NAME(take)(draw, course->draws.value + at * course->draws.people, course->draws.people, b);
        NAME(take)(heat, course->heat.value + at * course->heat.people, course->heat.people, b);
        EACH {
            const REAL ready = (REAL)sqrt((double)(x[RECEPTORS][i] * x[SHORTENING][i]));
            const REAL half = b->p[P_twitch_half][i], ready3 = ready * ready * ready;
            const REAL chance = ready3 / (ready3 + half * half * half), needled = draw[i] < (REAL)1.5 ? 1 : 0;
            const REAL answered = draw[i] < 0 ? chance : (draw[i] < chance ? 1 : 0), t = ready * answered * needled;
#define SHARE(name, alone) (b->p[P_##alone][i] * needled + (1 - b->p[P_##alone][i]) * t) * b->p[P_##name][i]
            twitch[i] = t;
            x[SHORTENING][i] *= 1 - b->p[P_twitch_releases][i] * t;
            x[NOCICEPTORS][i] *= 1 - b->p[P_twitch_washes][i] * t;
            x[POTENTIAL][i] += SHARE(potential_dose, potential_alone);
            x[TENDON][i] += t;
            x[HYPERAEMIA][i] += b->p[P_blood_alone][i] * needled + (1 - b->p[P_blood_alone][i]) * t + heat[i];
            x[TRAUMA][i] += SHARE(trauma_dose, trauma_alone);
#undef SHARE
        }
        for (int i = 0; i < b->filled; i++)
            run->twitches[at * run->people + b->first + i] = (float)twitch[i];
    }
    for (int32_t l = 0; l < body->levels; l++) {
        Row near, away;
        NAME(gather)(near, &body->beside, l, (const Row *)m->x + MIDDLE, STRIDE);
        NAME(gather)(away, &body->drive, l, (const Row *)m->x + MIDDLE, STRIDE);
        REAL *central = m->levels[CENTRAL * body->levels + l];
        EACH {
            const REAL share = b->p[P_spine_share][i];
            central[i] *= 1 - b->p[P_twitch_calms][i] * (share * near[i] + (1 - share) * away[i]);
        }
    }
}

/* Pain by region as the sum of eighth powers, and the tightest muscle. */
INLINE void NAME(regions)(const Body *body, const Run *run, const Block *b, const Memory *m, int32_t reading)
{
    const int32_t muscles = body->muscles;
    const REAL nociceptors = (REAL)run->weights[Q_pain_nociceptors], with_central = (REAL)run->weights[Q_pain_central];
    const REAL soreness = (REAL)run->weights[Q_pain_soreness], heat = (REAL)run->weights[Q_soreness_heat];
    for (int32_t k = 0; k < muscles; k++) {
        const Row *x = (const Row *)m->x + (int64_t)k * STRIDE;
        const int64_t at = ((int64_t)reading * body->regions + body->region[k]) * run->people;
        Row sum, eighth;
        const REAL *restrict central = NAME(summed)(sum, &body->supply, k, (const Row *)m->levels + CENTRAL * body->levels, 1);
        EACH {
            const REAL sore = x[SORENESS][i] / (1 + heat * x[HYPERAEMIA][i]);
            const REAL drive = x[NOCICEPTORS][i] * (nociceptors + with_central * central[i]) + soreness * sore;
            const REAL second = drive * drive, fourth = second * second;
            eighth[i] = fourth * fourth;
        }
        REAL *restrict drives = (REAL *)run->drive + at + b->first;
        REAL *restrict shortening = (REAL *)run->shortening + at + b->first;
        if (b->filled == LANES) {
            EACH {
                drives[i] += eighth[i];
                shortening[i] = x[SHORTENING][i] > shortening[i] ? x[SHORTENING][i] : shortening[i];
            }
        } else {
            for (int i = 0; i < b->filled; i++) {
                drives[i] += eighth[i];
                shortening[i] = x[SHORTENING][i] > shortening[i] ? x[SHORTENING][i] : shortening[i];
            }
        }
    }
}

INLINE void NAME(keep)(double *out, const REAL *row, const Block *b)
{
    for (int i = 0; i < b->filled; i++)
        out[b->first + i] = row[i];
}

INLINE void NAME(keep_all)(const Body *body, double *muscles, double *levels, const Run *run, const Block *b, const Memory *m)
{
    for (int64_t k = 0; k < (int64_t)STATES * body->muscles; k++)
        NAME(keep)(muscles + k * run->people, NAME(row)(body, m, k), b);
    for (int64_t k = 0; k < (int64_t)LEVEL_STATES * body->levels; k++)
        NAME(keep)(levels + k * run->people, m->levels[k], b);
}

INLINE void NAME(read)(const Body *body, const Run *run, const Block *b, const Memory *m, int32_t reading)
{
    const int64_t muscles = (int64_t)STATES * body->muscles, levels = (int64_t)LEVEL_STATES * body->levels;
    NAME(regions)(body, run, b, m, reading);
    if (run->muscles)
        NAME(keep_all)(body, run->muscles + reading * muscles * run->people, run->levels + reading * levels * run->people,
                       run, b, m);
}

INLINE void NAME(finish)(const Body *body, const Run *run, const Block *b, const Memory *m)
{
    const int64_t muscles = (int64_t)STATES * body->muscles, levels = (int64_t)LEVEL_STATES * body->levels;
    NAME(keep_all)(body, run->end_muscles, run->end_levels, run, b, m);
    Row bad;
    EACH bad[i] = 0;
    for (int64_t k = 0; k < muscles; k++)
        EACH bad[i] += NAME(row)(body, m, k)[i] - NAME(row)(body, m, k)[i];
    for (int64_t k = 0; k < levels; k++)
        EACH bad[i] += m->levels[k][i] - m->levels[k][i];
    for (int i = 0; i < b->filled; i++)
        run->outcome[b->first + i] = !(bad[i] == 0);
}
