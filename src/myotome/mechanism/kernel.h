/* What Python hands to the kernel; native.py mirrors it field for field. */
#ifndef MYOTOME_MECHANISM_KERNEL_H
#define MYOTOME_MECHANISM_KERNEL_H

#include <stdint.h>

#ifdef _WIN32
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif

/* The parameters by the names of data/parameters.toml, in the order in which they come. */
#define PARAMETERS(X)                                                                                         \
    X(root_rise) X(root_fall) X(root_half) X(flow_loss) X(flow_time) X(potential_half) X(receptor_half)       \
    X(receptor_rise) X(receptor_fall) X(potential_clears) X(shorten_half) X(shorten_time) X(slow_release)     \
    X(ischaemia_shortens) X(ischaemia_half) X(ischaemia_time) X(blood_half) X(nociceptor_time)                \
    X(pain_of_ischaemia) X(pain_of_receptors) X(sore_unshortened) X(central_gain) X(central_half)             \
    X(central_rise) X(central_fall) X(spine_share) X(tendon_half) X(potential_time) X(tendon_time)            \
    X(blood_time) X(trauma_time) X(soreness_time) X(potential_dose) X(potential_alone) X(blood_alone)         \
    X(trauma_dose) X(trauma_alone) X(twitch_half) X(twitch_releases) X(twitch_washes) X(twitch_calms)

/* The weights of the drive of pain, of data/parameters.toml likewise. */
#define READINGS(X) X(pain_nociceptors) X(pain_central) X(pain_soreness) X(soreness_heat)

typedef struct { /* rows of (column, weight) */
    const int32_t *at, *column;
    const double *weight;
} Sparse;

typedef struct {
    int32_t muscles, levels, regions;
    Sparse supply, beside, drive;
    const int32_t *region;
} Body;

typedef struct { /* (rows, things, people), people being 1 where all are alike */
    const double *value;
    int32_t people;
} Table;

typedef struct {
    int32_t stretches;
    const double *length;
    const int32_t *count, *forced, *event, *reading;
    Table cause, closing, movement, stretch, draws, heat;
} Course;

/* Every array has people in its last place. */
typedef struct {
    int32_t people, parameter_people;
    const double *parameters;                   /* (parameters, parameter_people) */
    const double *weights;                      /* of the drive of pain */
    const double *start_muscles, *start_levels; /* (10, muscles), (2, levels) */
    double *muscles, *levels;                   /* (readings, 10, muscles), (readings, 2, levels), or NULL */
    double *end_muscles, *end_levels;
    void *drive, *shortening; /* (readings, regions), float or double: sum of eighth powers; maximum */
    float *twitches;          /* (events, muscles) */
    int32_t *outcome;         /* 1 where a state is no number */
} Run;

EXPORT const char *myotome_mechanism_names(int32_t readings);
EXPORT int32_t myotome_mechanism_run(const Body *, const Course *, const Run *, int32_t first, int32_t last, int32_t wide);
EXPORT int32_t myotome_mechanism_lanes(int32_t wide);

#endif
