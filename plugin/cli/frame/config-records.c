#include "config-priv.h"

const char *const config_full[] = {
        [RECORD_FULL_WAIT] = "wait", [RECORD_FULL_REFUSE] = "refuse", [RECORD_FULL_DROP] = "drop", NULL
};
const char *const config_first[] = {
        [RECORD_FIRST_NONE] = "none", [RECORD_FIRST_REFUSALS] = "refusals", [RECORD_FIRST_ALL] = "all", NULL
};
const char *const config_journal[] = {
        [JOURNAL_OFF] = "off", [JOURNAL_REFUSALS] = "refusals", [JOURNAL_ALL] = "all", NULL
};
const char *const config_sync[] = { [RECORD_SYNC_REFUSALS] = "refusals",
                                    [RECORD_SYNC_NEVER] = "never",
                                    [RECORD_SYNC_INTERVAL] = "interval",
                                    [RECORD_SYNC_EACH] = "each",
                                    NULL };
enum {
        RECORDS_FILE,
        RECORDS_READS,
        RECORDS_FULL,
        RECORDS_WAIT,
        RECORDS_FIRST,
        RECORDS_JOURNAL,
        RECORDS_SYNC,
        RECORDS_KEYS
};
static const struct schema_key records_keys[] = {
        [RECORDS_FILE] = { .name = "file", .shape = SHAPE_TEXT, .doc = "a path, or - for stdout" },
        [RECORDS_READS] = { .name = "reads",
                            .shape = SHAPE_CHOICE,
                            .choices = config_reads,
                            .doc = "record reads too: of what containers and images hold, or all" },
        [RECORDS_FULL] = { .name = "full",
                           .shape = SHAPE_CHOICE,
                           .choices = config_full,
                           .doc = "a call whose record finds no room within the wait: wait: by the mode, refuse, or "
                                  "drop the record" },
        [RECORDS_WAIT] = { .name = "wait",
                           .shape = SHAPE_TEXT,
                           .doc = "how long a call waits for that, such as 200ms" },
        [RECORDS_FIRST] = { .name = "before-answer",
                            .shape = SHAPE_CHOICE,
                            .choices = config_first,
                            .doc = "whose record is written before the answer is given: none, refusals, all" },
        [RECORDS_JOURNAL] = { .name = "journal",
                              .shape = SHAPE_CHOICE,
                              .choices = config_journal,
                              .doc = "which records systemd-journald gets too: none, those of what is or would be "
                                     "refused, "
                                     "all" },
        [RECORDS_SYNC] = { .name = "fsync",
                           .shape = SHAPE_CHOICE,
                           .choices = config_sync,
                           .doc = "when the disk is asked to store records: within a second of refusals, or of any "
                                  "(interval); each time that some are written; never" },
        [RECORDS_KEYS] = { .name = NULL },
};
const struct schema config_records_schema = { .what = "records", .keys = records_keys };

int config_records_take(struct config *c, const struct yaml_node *node, struct diag *diag) {
        const struct yaml_node *values[RECORDS_KEYS] = { NULL }, *file, *wait;
        unsigned reads = c->record_reads, full = c->recording.full, first = c->recording.first,
                 journal = c->recording.journal, sync = c->recording.sync;
        int r;

        if (!node)
                return 0;
        r = schema_read(&config_records_schema, node, values, diag);
        config_choice(values[RECORDS_READS], config_reads, &reads);
        config_choice(values[RECORDS_FULL], config_full, &full);
        config_choice(values[RECORDS_FIRST], config_first, &first);
        config_choice(values[RECORDS_JOURNAL], config_journal, &journal);
        config_choice(values[RECORDS_SYNC], config_sync, &sync);
        c->record_reads = (enum record_reads)reads;
        c->recording.full = (enum record_full)full;
        c->recording.first = (enum record_first)first;
        c->recording.journal = (enum journal_wants)journal;
        c->recording.sync = (enum record_sync)sync;
        file = values[RECORDS_FILE];
        wait = values[RECORDS_WAIT];
        if (wait && !config_time(wait->text, 0, &c->recording.wait))
                r = config_worse(r, diag_error(diag, wait->at, DIAG_WRONG_TYPE,
                                               "\"wait\" is a time from 0ms to %ds, such as 200ms",
                                               (int)(CONFIG_DEADLINE_MOST / 1000000)));
        config_note(&c->origins.record_reads, values[RECORDS_READS]);
        config_note(&c->origins.record_full, values[RECORDS_FULL]);
        config_note(&c->origins.record_wait, wait);
        config_note(&c->origins.record_first, values[RECORDS_FIRST]);
        config_note(&c->origins.record_journal, values[RECORDS_JOURNAL]);
        config_note(&c->origins.record_sync, values[RECORDS_SYNC]);
        config_note(&c->origins.records, file);
        return config_worse(r, config_path(c, &records_keys[RECORDS_FILE], file, &c->records,
                                           file && !str_eqz(file->text, "-"), diag));
}
