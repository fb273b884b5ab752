#include "journal.h"
#include "docksill/base/clock.h"
#include "docksill/base/say.h"
#include <errno.h>

#define WAIT_STEP 2 /* milliseconds, between two looks at whether the file's records press */

void journal_init(struct journal *j, const char *path) {
        *j = (struct journal){ 0 };
        journal_socket_init(&j->socket, path);
        text_init(&j->entry);
        text_init(&j->note);
        arena_init(&j->arena, ENTRY_MEMORY);
}

void journal_deinit(struct journal *j) {
        journal_socket_deinit(&j->socket);
        text_deinit(&j->entry);
        text_deinit(&j->note);
        arena_deinit(&j->arena);
}

/* One that was slow when it was last asked is not waited for again before it takes something. */
static int send_entry(struct journal *j, const struct text *entry, const struct journal_round *round, int64_t end) {
        int r = entry->failed ? -ENOMEM : journal_socket_send(&j->socket, text_str(entry));

        while (r == -EAGAIN && !j->behind && clock_monotonic() < end && !round->pressed(round->context)) {
                journal_socket_wait(&j->socket, WAIT_STEP);
                r = journal_socket_send(&j->socket, text_str(entry));
        }
        j->behind = r == -EAGAIN;
        return r;
}

/* The entry at hand; where some are missing before it, one that says so. */
static int tell_entry(struct journal *j, const struct journal_round *round, int64_t end) {
        int r = 0;

        if (round->pressed(round->context))
                return -EAGAIN;
        if (j->untold) {
                text_reset(&j->note);
                journal_entry_add_missed(&j->note, j->untold);
                r = send_entry(j, &j->note, round, end);
        }
        if (r < 0)
                return r;
        j->untold = 0;
        return send_entry(j, &j->entry, round, end);
}

static void comment(struct journal *j, const struct journal_outcome *outcome, int error) {
        switch (complaint_news(&j->complaint, outcome->missed > 0, clock_monotonic())) {
        case COMPLAINT_NONE: break;
        case COMPLAINT_BEGUN:
                say(SAY_WARNING,
                    "records: the journal does not take what it is to have too: %s; %llu entries are "
                    "missing "
                    "there by now, which the record file has",
                    error == EAGAIN ? "it does not keep up" : strerror(error), (unsigned long long)j->missed);
                break;
        case COMPLAINT_OVER:
                say(SAY_NOTICE, "records: the journal takes entries again; %llu are missing there",
                    (unsigned long long)j->missed);
                break;
        }
}

struct journal_outcome journal_tell(struct journal *j, struct str lines, const struct journal_round *round) {
        struct journal_outcome outcome = { 0 };
        int64_t end = clock_monotonic() + round->patience;
        int r = 0;

        if (round->wants == JOURNAL_OFF)
                return outcome;
        while (lines.n) {
                struct str line = str_cut(&lines, '\n');

                text_reset(&j->entry);
                if (!journal_entry_add(&j->entry, &j->arena, line, round->wants))
                        continue;
                /* What fails once is not tried anew for each line: the file's next records come first. */
                if (r == 0)
                        r = tell_entry(j, round, end);
                if (r == 0)
                        ++outcome.sent;
                else
                        ++outcome.missed;
        }
        j->missed += outcome.missed;
        j->untold += outcome.missed;
        if (outcome.sent || outcome.missed)
                comment(j, &outcome, -r);
        return outcome;
}
