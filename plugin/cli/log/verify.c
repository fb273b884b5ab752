#include "verify.h"
#include "records/record-file.h"
#include <errno.h>
#include <stdio.h>

#define LOOSE_MOST ((size_t)64 * 1024) /* bytes of a torn line that are kept; no record is longer */

static const char zeros[] = "0000000000000000000000000000000000000000000000000000000000000000";

int verify_init(struct verify *v) {
        *v = (struct verify){ .loose_text = malloc(LOOSE_MOST) };
        if (v->loose_text && chain_init(&v->chain, "") == 0)
                return 0;
        free(v->loose_text);
        return -ENOMEM;
}

void verify_deinit(struct verify *v) {
        chain_deinit(&v->chain);
        free(v->loose_text);
}

static bool read_anchor(struct verify_anchor *out, struct str text) {
        struct str number = str_cut(&text, ':');
        int64_t link;

        if (str_int(number, &link) < 0 || link < 1 || text.n != CHAIN_DIGEST)
                return false;
        *out = (struct verify_anchor){ .link = (uint64_t)link };
        for (size_t i = 0; i < text.n; ++i) {
                out->digest[i] = ascii_lower(text.p[i]);
                if (!ascii_digit(out->digest[i]) && (out->digest[i] < 'a' || out->digest[i] > 'f'))
                        return false;
        }
        return true;
}

bool verify_anchor(struct verify *v, struct str text) {
        while (text.p) {
                if (v->n_anchors == VERIFY_ANCHORS || !read_anchor(&v->anchors[v->n_anchors], str_cut(&text, ',')))
                        return false;
                ++v->n_anchors;
        }
        return true;
}

/* -- what was found -- */

static void add(struct verify *v, enum verify_kind kind, const struct verify_place *at, uint64_t n) {
        if (verify_is_finding(kind))
                ++v->findings;
        else
                ++v->notes;
        if (v->n < VERIFY_SHOWN)
                v->faults[v->n++] = (struct verify_fault){ .kind = kind, .at = *at, .n = n };
}

static bool is_of(struct str line, struct str schema) {
        return str_starts(line, STR_C("{\"schema\":\"")) && str_starts(str_skip(line, 11), schema);
}

static bool is_mend(struct str line) {
        return is_of(line, STR_C("docksill.mend/1\""));
}

/* -- the walk -- */

/* Nothing linked came before. */
static void take_first(struct verify *v, const struct chain_link *link, const char *physical) {
        bool held = str_eqz(link->prev, physical);

        if (v->loose)
                add(v,
                    held              ? VERIFY_BEFORE
                    : link->link == 1 ? VERIFY_OLD_CHANGED
                                      : VERIFY_FOREIGN,
                    &v->loose_at, v->loose);
        if (link->link > 1 || (!v->loose && !held))
                add(v, VERIFY_LATE, &v->here, 0);
        v->first = v->here;
}

/* It belongs further up, or a chain begins again. Returns whether it is the top now. */
static bool take_earlier(struct verify *v, const struct chain_link *link) {
        struct verify_fault *last = v->n && v->n < VERIFY_SHOWN ? &v->faults[v->n - 1] : NULL;

        if (link->link == 1) {
                add(v, VERIFY_BEGUN_ANEW, &v->here, 0);
                return true;
        }
        if (v->adjacent && last && last->kind == VERIFY_DISORDER)
                ++last->n;
        else
                add(v, VERIFY_DISORDER, &v->here, 1);
        v->adjacent = true;
        return false;
}

static void take_next(struct verify *v, uint64_t gap, bool held) {
        if (gap && held)
                add(v, VERIFY_CHANGED, &v->here, 1); /* it counts otherwise than the one that it holds */
        else if (gap)
                add(v, VERIFY_MISSING, &v->here, gap);
        else if (!held)
                add(v, VERIFY_CHANGED, &v->top, 1);
}

/* The torn line has no digest of the one before it: the line that tells of it has, where docksill knew it. */
static bool holds_before(struct str mend, const char *digest) {
        const struct str key = STR(",\"before\":\"");
        size_t at = str_search(mend, key);

        return at == mend.n || str_starts(str_skip(mend, at + key.n), str_from(digest));
}

/* Lines without a link stand between. @held: it holds the last line that has one; @held_loose: the last that has none.
 */
static void take_behind_loose(struct verify *v, struct str line, uint64_t gap, bool held, bool held_loose) {
        struct str loose = { v->loose_text, v->loose_n };
        bool one = v->loose == 1;

        if (one && gap == 1 && held_loose && is_mend(line)) {
                if (!holds_before(line, v->digest))
                        add(v, VERIFY_CHANGED, &v->top, 1);
                add(v, VERIFY_TORN, &v->loose_at, loose.n);
        } else if (one && gap == 0 && held && loose.n && loose.n < line.n && str_starts(line, loose))
                add(v, VERIFY_WRITTEN_ANEW, &v->loose_at, loose.n);
        else if (gap == v->loose && !held_loose)
                add(v, VERIFY_CHANGED, &v->loose_at, v->loose);
        else
                add(v, VERIFY_FOREIGN, &v->loose_at, v->loose);
        if (gap > v->loose)
                add(v, VERIFY_MISSING, &v->here, gap - v->loose);
        else if (gap == 0 && !held)
                add(v, VERIFY_CHANGED, &v->top, 1);
}

/* Returns whether it is the top now. @physical: the digest of the line before it. */
static bool take_link(struct verify *v, struct str line, const struct chain_link *link, const char *physical) {
        uint64_t gap;

        if (!v->first.file) {
                take_first(v, link, physical);
                return true;
        }
        if (link->link <= v->top.link) {
                if (v->loose)
                        add(v, VERIFY_FOREIGN, &v->loose_at, v->loose);
                return take_earlier(v, link);
        }
        gap = link->link - v->top.link - 1;
        if (v->loose)
                take_behind_loose(v, line, gap, str_eqz(link->prev, v->digest), str_eqz(link->prev, physical));
        else
                take_next(v, gap, str_eqz(link->prev, v->digest));
        return true;
}

static void take_loose(struct verify *v, struct str line) {
        if (v->loose++)
                return;
        v->loose_at = v->here;
        v->loose_n = line.n < LOOSE_MOST ? line.n : LOOSE_MOST;
        memcpy(v->loose_text, line.p, v->loose_n);
}

static void check_anchors(struct verify *v, uint64_t link, const char *digest) {
        for (size_t i = 0; i < v->n_anchors; ++i) {
                struct verify_anchor *a = &v->anchors[i];

                if (a->link != link)
                        continue;
                a->seen = true;
                if (strcmp(a->digest, digest) == 0)
                        a->held = true;
                else
                        add(v, VERIFY_ANCHOR, &v->here, 0);
        }
}

static void count_lost(struct verify *v, struct str line) {
        struct str number;
        int64_t lost;

        if (!is_of(line, STR_C("docksill.loss/1\"")))
                return;
        number = str_skip(line, str_search(line, STR_C(",\"lost\":")) + 8);
        number = str_first(number, str_find(number, ','));
        if (str_int(number, &lost) == 0 && lost > 0)
                v->lost += (uint64_t)lost;
}

void verify_line(struct verify *v, const char *file, uint64_t number, struct str line, bool unended) {
        char physical[CHAIN_DIGEST + 1];
        struct chain_link link = { 0 };
        bool linked = chain_read(line, &link);

        memcpy(physical, v->lines ? v->chain.digest : zeros, sizeof(physical));
        v->here = (struct verify_place){ .file = file, .line = number, .link = link.link };
        ++v->lines;
        record_line_time(v->here.time, line);
        chain_pass(&v->chain, (struct str){ line.p, line.n + 1 });
        v->unended = unended;
        if (!linked) {
                take_loose(v, line);
                return;
        }
        if (take_link(v, line, &link, physical)) {
                v->top = v->here;
                memcpy(v->digest, v->chain.digest, sizeof(v->digest));
                v->adjacent = false;
                v->stopped = is_of(line, STR_C("docksill.stop/1\""));
                count_lost(v, line);
        }
        check_anchors(v, link.link, v->chain.digest);
        v->loose = 0;
}

void verify_end(struct verify *v) {
        bool torn = v->loose == 1 && v->unended;

        if (!v->first.file)
                add(v, VERIFY_NO_CHAIN, &(struct verify_place){ 0 }, v->lines);
        else if (torn)
                add(v, VERIFY_UNENDED, &v->loose_at, v->loose_n);
        else if (v->loose)
                add(v, VERIFY_FOREIGN, &v->loose_at, v->loose);
        for (size_t i = 0; i < v->n_anchors; ++i)
                if (!v->anchors[i].seen)
                        add(v, VERIFY_ANCHOR_GONE, &(struct verify_place){ .link = v->anchors[i].link }, 0);
        if (v->lost)
                add(v, VERIFY_LOST, &(struct verify_place){ 0 }, v->lost);
        if (v->first.file && !v->stopped && !torn)
                add(v, VERIFY_OPEN, &v->top, 0);
}

/* -- words -- */

void verify_say(const struct verify_fault *fault, char *out, size_t n) {
        unsigned long long m = fault->n;
        const char *s = m == 1 ? "" : "s";

        switch (fault->kind) {
        case VERIFY_CHANGED:
                snprintf(out, n, "%llu line%s changed: not what the chain holds of %s", m, s, m == 1 ? "it" : "them");
                return;
        case VERIFY_MISSING: snprintf(out, n, "%llu line%s missing before this one", m, s); return;
        case VERIFY_DISORDER:
                snprintf(out, n, "%llu line%s out of order, or put in a second time, from this one on", m, s);
                return;
        case VERIFY_FOREIGN: snprintf(out, n, "%llu line%s that docksill has not written", m, s); return;
        case VERIFY_BEGUN_ANEW: snprintf(out, n, "a new chain begins: nothing ties it to the lines before it"); return;
        case VERIFY_OLD_CHANGED:
                snprintf(out, n, "the chain began behind another line than the last of these %llu", m);
                return;
        case VERIFY_NO_CHAIN: snprintf(out, n, "no chain: none of %llu line%s has a link", m, s); return;
        case VERIFY_ANCHOR: snprintf(out, n, "not the line that the anchor is of"); return;
        case VERIFY_ANCHOR_GONE: snprintf(out, n, "no line has the anchor's number"); return;
        case VERIFY_TORN:
                snprintf(out, n, "torn: %llu byte%s of a line, left by a docksill that was killed, and told", m, s);
                return;
        case VERIFY_WRITTEN_ANEW:
                snprintf(out, n, "begun: %llu byte%s of a line that stands whole behind it", m, s);
                return;
        case VERIFY_UNENDED:
                snprintf(out, n, "the last line has no end (%llu byte%s): it is being written, or docksill was killed",
                         m, s);
                return;
        case VERIFY_BEFORE: snprintf(out, n, "%llu line%s from before there was a chain", m, s); return;
        case VERIFY_LATE: snprintf(out, n, "the chain begins before the lines that are here"); return;
        case VERIFY_LOST:
                snprintf(out, n, "%llu record%s could not be written, as docksill has told (docksill.loss/1)", m, s);
                return;
        case VERIFY_OPEN:
                snprintf(out, n,
                         "the last line is not that of an end: docksill runs, was killed, or lines behind it "
                         "are gone");
                return;
        }
}

const char *verify_word(enum verify_kind kind) {
        static const char *const words[] = {
                [VERIFY_CHANGED] = "changed",
                [VERIFY_MISSING] = "missing",
                [VERIFY_DISORDER] = "out-of-order",
                [VERIFY_FOREIGN] = "foreign",
                [VERIFY_BEGUN_ANEW] = "begun-anew",
                [VERIFY_OLD_CHANGED] = "old-changed",
                [VERIFY_NO_CHAIN] = "no-chain",
                [VERIFY_ANCHOR] = "anchor",
                [VERIFY_ANCHOR_GONE] = "anchor-gone",
                [VERIFY_TORN] = "torn",
                [VERIFY_WRITTEN_ANEW] = "written-anew",
                [VERIFY_UNENDED] = "unended",
                [VERIFY_BEFORE] = "before",
                [VERIFY_LATE] = "late",
                [VERIFY_LOST] = "lost",
                [VERIFY_OPEN] = "open",
        };

        return words[kind];
}
