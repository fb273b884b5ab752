#pragma once
/*
 * exposition: metrics as Prometheus reads them: its text format, version 0.0.4
 * (prometheus.io/docs/instrumenting/exposition_formats).
 *
 * First the family, then its samples; `promtool check metrics` has nothing to say of it.
 */
#include "docksill/base/text.h"
#include "docksill/record/histogram.h"

#define EXPOSITION_CONTENT_TYPE "text/plain; version=0.0.4; charset=utf-8"

/* Name and value; the value may be foreign text: it is shown in one line, and 200 bytes of it at most. */
struct label {
        const char *name; /* NULL behind the last */
        struct str value;
};
#define LABELS(...) ((const struct label[]){ __VA_ARGS__, { NULL, { NULL, 0 } } })

/* @type: "counter", "gauge" or "histogram". @help: a sentence without line breaks and backslashes. */
void exposition_family(struct text *out, const char *name, const char *type, const char *help);

/* A sample. @labels: NULL: none */
void exposition_number(struct text *out, const char *name, const struct label *labels, uint64_t value);

/* One in seconds. @microseconds: not negative */
void exposition_seconds(struct text *out, const char *name, const struct label *labels, int64_t microseconds);

/* All of a histogram's. */
void exposition_histogram(struct text *out, const char *name, const struct label *labels, const struct histogram *h,
                          const struct histogram_scale *scale);

/* A family of one sample without labels. */
void exposition_counter(struct text *out, const char *name, const char *help, uint64_t value);
void exposition_gauge(struct text *out, const char *name, const char *help, uint64_t value);
