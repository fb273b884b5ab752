#include "docksill/engine/scan.h"
#include "docksill/base/cleanup.h"
#include "docksill/base/clock.h"
#include "docksill/base/date.h"
#include "facts/cell.h"
#include <errno.h>

static const struct str level_names[SCAN_LEVELS] = {
        [SCAN_UNKNOWN] = STR("unknown"), [SCAN_LOW] = STR("low"),           [SCAN_MEDIUM] = STR("medium"),
        [SCAN_HIGH] = STR("high"),       [SCAN_CRITICAL] = STR("critical"),
};

struct str scan_level_name(enum scan_level level) {
        return level_names[level];
}

enum scan_level scan_level_parse(struct str word) {
        static const struct {
                struct str word;
                enum scan_level level;
        } others[] = {
                { STR("moderate"), SCAN_MEDIUM }, { STR("important"), SCAN_HIGH },   { STR("negligible"), SCAN_LOW },
                { STR("minimal"), SCAN_LOW },     { STR("defcon1"), SCAN_CRITICAL },
        };

        for (size_t i = 0; i < SCAN_LEVELS; ++i)
                if (str_eq_fold(word, level_names[i]))
                        return (enum scan_level)i;
        for (size_t i = 0; i < ARRAY_SIZE(others); ++i)
                if (str_eq_fold(word, others[i].word))
                        return others[i].level;
        return SCAN_UNKNOWN;
}

/* -- what a report comes to -- */

/* Of one id in one package the worst first; what can be mended before what can't. */
static int compare_flaws(const void *a, const void *b) {
        const struct scan_flaw *x = a, *y = b;
        int c = str_cmp(x->id, y->id);

        c = c ? c : str_cmp(x->package, y->package);
        c = c ? c : (int)y->level - (int)x->level;
        return c ? c : y->fixable - x->fixable;
}

static bool is_same_flaw(const struct scan_flaw *a, const struct scan_flaw *b) {
        return str_eq(a->id, b->id) && str_eq(a->package, b->package);
}

static bool is_ignored(const struct scan_filter *filter, const struct scan_flaw *flaw, int64_t now) {
        for (size_t i = 0; i < filter->n_ignored; ++i) {
                const struct scan_ignored *ignored = &filter->ignored[i];

                if (now < ignored->until && str_eq(ignored->id, flaw->id) &&
                    (str_empty(ignored->package) || str_eq(ignored->package, flaw->package)))
                        return true;
        }
        return false;
}

static int compare_str(const void *a, const void *b) {
        return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static bool is_exploited(const struct scan_filter *filter, struct str id) {
        return filter->n_exploited > 0 &&
               bsearch(&id, filter->exploited, filter->n_exploited, sizeof(id), compare_str) != NULL;
}

static void add_id(struct str *ids, size_t *n, size_t most, struct str id) {
        if (*n < most && !str_is_among(id, ids, *n))
                ids[(*n)++] = id;
}

static void count(struct scan *out, const struct scan_flaw *flaw, const struct scan_filter *filter) {
        ++out->found[flaw->level];
        out->fixable[flaw->level] += flaw->fixable;
        if (is_exploited(filter, flaw->id))
                add_id(out->exploited, &out->n_exploited, SCAN_EXPLOITED_MOST, flaw->id);
}

static enum scan_level worst_level(const struct scan *s) {
        enum scan_level level = SCAN_CRITICAL;

        while (level > SCAN_UNKNOWN && s->found[level] == 0)
                --level;
        return level;
}

/* @flaws: without those that are ignored. */
static void name_worst(struct scan *out, const struct scan_flaw *flaws, size_t n) {
        enum scan_level worst = worst_level(out);

        for (size_t i = 0; i < n; ++i)
                if (flaws[i].level == worst)
                        add_id(out->worst, &out->n_worst, SCAN_WORST_MOST, flaws[i].id);
}

int scan_sum(struct scan *out, struct arena *arena, struct scan_report *report, const struct scan_filter *filter,
             int64_t now) {
        struct scan_flaw *flaws = report->flaws.items;
        size_t left = 0;

        *out = (struct scan){
                .scanner = report->scanner,
                .at = report->at,
                .looked = report->looked,
                .secrets = report->secrets,
                .worst = ARENA_ARRAY(arena, struct str, SCAN_WORST_MOST),
                .exploited = ARENA_ARRAY(arena, struct str, SCAN_EXPLOITED_MOST),
                .packages = report->packages.items,
                .n_packages = report->packages.n,
        };
        if (!out->worst || !out->exploited)
                return -ENOMEM;
        if (report->flaws.n)
                qsort(flaws, report->flaws.n, sizeof(*flaws), compare_flaws);
        for (size_t i = 0; i < report->flaws.n; ++i) {
                if (left > 0 && is_same_flaw(&flaws[left - 1], &flaws[i]))
                        continue;
                if (is_ignored(filter, &flaws[i], now)) {
                        ++out->ignored;
                        continue;
                }
                count(out, &flaws[i], filter);
                flaws[left++] = flaws[i];
        }
        report->flaws.n = left;
        name_worst(out, flaws, left);
        return 0;
}

/* -- docksill's own form -- */

static void add_list(struct text *t, const char *key, const struct str *items, size_t n, const char *prefix) {
        if (n == 0)
                return;
        text_addf(t, ",\"%s\":[", key);
        for (size_t i = 0; i < n; ++i) {
                text_addz(t, i ? "," : "");
                if (*prefix) /* digits alone follow */
                        text_addf(t, "\"%s%" STR_FMT "\"", prefix, STR_ARG(items[i]));
                else
                        text_add_json(t, items[i]);
        }
        text_add_char(t, ']');
}

static void add_flaw(struct text *t, const struct scan_flaw *flaw) {
        text_addz(t, "{\"id\":");
        text_add_json(t, flaw->id);
        if (!str_empty(flaw->package)) {
                text_addz(t, ",\"package\":");
                text_add_json(t, flaw->package);
        }
        text_addf(t, ",\"severity\":\"%s\"%s}", scan_level_name(flaw->level).p, flaw->fixable ? ",\"fixed\":true" : "");
}

void scan_report_add(struct text *t, const struct scan_report *report) {
        text_addz(t, "{\"schema\":\"" SCAN_SCHEMA "\",\"scanner\":");
        text_add_json(t, report->scanner);
        if (report->at) {
                text_addz(t, ",\"at\":\"");
                clock_add_rfc3339(t, report->at);
                text_add_char(t, '"');
        }
        add_list(t, "images", report->images.items, report->images.n, "sha256:");
        if (report->looked) {
                text_addz(t, ",\"vulnerabilities\":[");
                for (size_t i = 0; i < report->flaws.n; ++i) {
                        text_addz(t, i ? "," : "");
                        add_flaw(t, &report->flaws.items[i]);
                }
                text_add_char(t, ']');
        }
        add_list(t, "packages", report->packages.items, report->packages.n, "");
        if (report->secrets)
                text_addf(t, ",\"secrets\":%u", report->secrets);
        text_addz(t, "}\n");
}

/* -- facts -- */

static void add_key(struct scan_keys *out, struct str id) {
        struct str hex = scan_image_hex(id);

        if (hex.p && out->n < SCAN_KEYS_MOST && !str_is_among(hex, out->items, out->n))
                out->items[out->n++] = hex;
}

void request_scan_keys(struct scan_keys *out, const struct request *request) {
        const struct facts *f = &request->facts;

        *out = (struct scan_keys){ 0 };
        if (flaws_any(&request->flaws) || !request->operation ||
            !(request->operation->asks & (ASKS_IMAGE_RUN | ASKS_IMAGE_PULLED)))
                return;
        add_key(out, f->image.id.value);
        add_key(out, f->image.digest.value);
        if (f->image.found_id.head.state == FACT_KNOWN)
                add_key(out, f->image.found_id.value);
        if (f->image.found_digests.head.state == FACT_KNOWN)
                for (size_t i = 0; i < f->image.found_digests.n; ++i)
                        add_key(out, f->image.found_digests.items[i]);
        out->unknown = out->n == 0 && f->image.found_id.head.state == FACT_UNKNOWN;
}

static struct fact_int known(int64_t value) {
        return (struct fact_int){ .head.given = true, .value = value };
}

static int add_ids(struct arena *arena, struct fact_set *set, const struct str *ids, size_t n) {
        *set = (struct fact_set){ .head.given = true };
        for (size_t i = 0; i < n; ++i) {
                struct str kept;

                if (arena_str(arena, ids[i], &kept) < 0)
                        return -ENOMEM;
                ARENA_ADD(arena, set, kept);
        }
        return 0;
}

static int tell(struct request *request, struct arena *arena, const struct scan *scan) {
        const int64_t now = request->now ? request->now : clock_wall();
        struct scan_facts *f = &request->facts.image.scan;
        struct str scanner;
        int r = arena_str(arena, scan->scanner, &scanner);

        if (r < 0)
                return r;
        f->scanner = (struct fact_str){ .head.given = true, .value = scanner };
        f->age = scan->at > 0 && scan->at <= now ? known(now - scan->at)
                                                 : (struct fact_int){ .head.state = FACT_UNKNOWN };
        f->critical = known(scan->found[SCAN_CRITICAL]);
        f->high = known(scan->found[SCAN_HIGH]);
        f->medium = known(scan->found[SCAN_MEDIUM]);
        f->low = known(scan->found[SCAN_LOW]);
        f->fixable_critical = known(scan->fixable[SCAN_CRITICAL]);
        f->fixable_high = known(scan->fixable[SCAN_HIGH]);
        f->ignored = known(scan->ignored);
        f->secrets = known(scan->secrets);
        r = add_ids(arena, &f->worst, scan->worst, scan->n_worst);
        if (r == 0)
                r = add_ids(arena, &f->exploited, scan->exploited, scan->n_exploited);
        return r < 0 ? r : add_ids(arena, &f->packages, scan->packages, scan->n_packages);
}

int request_scan_tell(struct request *request, struct arena *arena, const struct scan *scan) {
        struct scan_facts *f = &request->facts.image.scan;
        int r = 0;

        arena_latch(arena);
        f->found = (struct fact_bool){ .head.given = true, .value = scan && scan->looked };
        if (scan)
                r = tell(request, arena, scan);
        return arena_unlatch(arena) ? -ENOMEM : r;
}

void request_scan_mark_unknown(struct request *request) {
        struct scan_facts *f = &request->facts.image.scan;
        struct fact_head *heads[] = {
                &f->found.head,   &f->age.head,     &f->critical.head,         &f->high.head,         &f->medium.head,
                &f->low.head,     &f->ignored.head, &f->fixable_critical.head, &f->fixable_high.head, &f->secrets.head,
                &f->scanner.head, &f->worst.head,   &f->exploited.head,        &f->packages.head,
        };

        for (size_t i = 0; i < ARRAY_SIZE(heads); ++i)
                heads[i]->state = FACT_UNKNOWN;
}
