#pragma once
/*
 * report-priv: what the forms of reports share.
 *
 * One walk for all forms: their members have different names, and where they share one its value tells them apart.
 */
#include "docksill/engine/scan.h"
#include "walk.h"

/* A rule of a SARIF log: the severity of what it finds. */
struct sarif_rule {
        struct str id;
        enum scan_level level;
};

struct reader {
        struct arena *arena; /* latching */
        struct scan_report *out;
        bool known; /* one of the forms */
        struct {
                struct sarif_rule *items;
                size_t n, capacity;
        } rules;
        struct {
                struct str *items;
                size_t n, capacity;
        } results; /* rule ids of a SARIF log */
};

/* For one more of those that there are @n of. */
bool reader_has_room(struct reader *r, size_t n);

/* False: there is no memory for it. */
bool reader_add_image(struct reader *r, struct str id);
bool reader_add_package(struct reader *r, struct str name);
bool reader_add_flaw(struct reader *r, const struct scan_flaw *flaw);

/* A value of one kind; those with @to are items of a struct reader. */
bool read_image(struct walk *w, void *to);
bool read_package(struct walk *w, void *to);
bool read_level(struct walk *w, enum scan_level *out); /* the worse of it and what is there */
bool read_moment(struct walk *w, struct reader *r);
bool has_text(struct walk *w, bool *out);
bool name_member(struct walk *w, void *to, struct str key); /* {"name": …} */
bool reference_member(struct walk *w, void *to,
                      struct str key); /* by what others know a package: the image itself too */

/* Items of the lists that the forms have, and members of objects. */
bool trivy_result(struct walk *w, void *to);
bool trivy_metadata_member(struct walk *w, void *to, struct str key);
bool grype_match(struct walk *w, void *to);
bool source_member(struct walk *w, void *to, struct str key);
bool descriptor_member(struct walk *w, void *to, struct str key);
bool vulnerability(struct walk *w, void *to);                  /* of Clair, CycloneDX and docksill's own form */
bool subject_member(struct walk *w, void *to, struct str key); /* of CycloneDX's metadata */
bool sarif_run(struct walk *w, void *to);

/* What a result's rule says of it stands anywhere in the log: once all of it is read. */
bool sarif_take_results(struct reader *r);
