#include "docksill/base/clock.h"
#include "docksill/base/date.h"
#include "docksill/base/text.h"
#include "docksill/host/scans.h"
#include "frame/output.h"
#include "frame/setup.h"
#include "frame/table.h"
#include "scan-commands.h"
#include <dirent.h>
#include <errno.h>
#include <stdio.h>

#define LIST_MEMORY ((size_t)256 * 1024 * 1024)
#define HEX_DIGITS  64

static const struct option_row options[] = {
        OPTION_ROW_CONFIG,
        { "folder", "FOLDER", "where reports are; default: scans.folder of the configuration" },
        OPTION_ROW_FORMAT,
        { NULL },
};

/* One report, or why it can't be used. */
struct listed {
        struct str image, scanner;
        int64_t at;
        bool looked;
        unsigned critical, high, fixable, ignored;
        size_t packages;
        struct str trouble;
};

struct listing {
        struct scans *scans;
        struct arena arena;
        struct {
                struct listed *items;
                size_t n, capacity;
        } reports;
};

/* "4f…e2.cdx.json": the digits. */
static struct str image_of(struct str name) {
        return scan_image_hex(str_first(name, str_find(name, '.')));
}

static int is_report(const struct dirent *entry) {
        struct str name = str_from(entry->d_name);

        return str_ends(name, STR_C(".json")) && image_of(name).p;
}

static int look(struct listing *l, struct str image) {
        struct scan_keys keys = { .items = { image }, .n = 1 };
        struct scan_trouble trouble;
        struct listed *one;
        struct scan scan;
        int r = scans_find(l->scans, &scan, &l->arena, &keys, clock_wall(), &trouble);

        if (r < 0)
                return r;
        one = ARENA_PUSH(&l->arena, &l->reports);
        if (!one || arena_str(&l->arena, str_from(trouble.text), &one->trouble) < 0)
                return -ENOMEM;
        one->image = image;
        if (r == 0)
                return 0;
        one->scanner = scan.scanner;
        one->at = scan.at;
        one->looked = scan.looked;
        one->critical = scan.found[SCAN_CRITICAL];
        one->high = scan.found[SCAN_HIGH];
        one->fixable = scan.fixable[SCAN_CRITICAL] + scan.fixable[SCAN_HIGH];
        one->ignored = scan.ignored;
        one->packages = scan.n_packages;
        return 0;
}

/* Sorted by name, so that all files of an image come one after the other. */
static int look_at_all(struct listing *l, const char *folder) {
        struct dirent **entries;
        struct str last = { 0 };
        int n = scandir(folder, &entries, is_report, alphasort), r = n < 0 ? -errno : 0;

        for (int i = 0; i < n; ++i) {
                struct str image = image_of(str_from(entries[i]->d_name));

                if (r == 0 && !str_eq(image, last)) {
                        r = arena_str(&l->arena, image, &last);
                        r = r < 0 ? r : look(l, last);
                }
                free(entries[i]);
        }
        if (n >= 0)
                free(entries);
        return r;
}

static void add_row(struct table *t, const struct listed *one) {
        table_add(t, str_first(one->image, 12));
        table_add(t, one->scanner);
        if (one->at > 0)
                table_addf(t, "%lld d", (long long)((clock_wall() - one->at) / DATE_DAY));
        else
                table_add(t, STR_C("-"));
        if (one->looked) {
                table_addf(t, "%u", one->critical);
                table_addf(t, "%u", one->high);
                table_addf(t, "%u", one->fixable);
                table_addf(t, "%u", one->ignored);
        } else {
                for (int i = 0; i < 4; ++i)
                        table_add(t, STR_C("-"));
        }
        table_addf(t, "%zu", one->packages);
        table_add(t, one->trouble);
}

static int print_text(const struct command *command, struct listing *l) {
        static const char *const titles[] = { "IMAGE",   "SCANNER", "AGE",      "CRITICAL", "HIGH",
                                              "FIXABLE", "IGNORED", "PACKAGES", "TROUBLE" };
        cleanup_(text_deinit) struct text out;
        struct table t;

        text_init(&out);
        if (l->reports.n == 0) {
                text_addz(&out, "no reports\n");
                return output_text(command, &out);
        }
        table_init(&t, &l->arena, titles, ARRAY_SIZE(titles));
        for (size_t i = 0; i < l->reports.n; ++i)
                add_row(&t, &l->reports.items[i]);
        table_render(&t, &out);
        return output_text(command, &out);
}

static json_t *report_json(const struct listed *one) {
        char when[40];
        struct text t;
        json_t *row = json_pack("{s:o, s:o, s:b, s:I, s:o}", "image", printable_json(one->image), "scanner",
                                printable_json(one->scanner), "scanned", one->looked, "packages",
                                (json_int_t)one->packages, "trouble", printable_json(one->trouble));

        text_init_fixed(&t, when, sizeof(when));
        clock_add_rfc3339(&t, one->at);
        if (one->at > 0 && json_object_set_new(row, "at", printable_json(text_str(&t))) < 0)
                return NULL;
        if (one->looked)
                json_object_update_new(row, json_pack("{s:i, s:i, s:i, s:i}", "critical", (int)one->critical, "high",
                                                      (int)one->high, "fixable", (int)one->fixable, "ignored",
                                                      (int)one->ignored));
        return row;
}

static int print_json(const struct command *command, const struct listing *l) {
        json_t *reports = json_array();

        for (size_t i = 0; reports && i < l->reports.n; ++i)
                if (json_array_append_new(reports, report_json(&l->reports.items[i])) < 0) {
                        json_decref(reports);
                        reports = NULL;
                }
        return output_json(command, json_pack("{s:s, s:o}", "schema", "docksill.scans/1", "reports", reports));
}

static int list(const struct invocation *in, const char *folder, const struct config *config) {
        struct listing l = { 0 };
        int r = scans_new(&l.scans, str_from(folder), config->ignored, config->n_ignored);

        arena_init(&l.arena, LIST_MEMORY);
        if (r == 0)
                r = look_at_all(&l, folder);
        if (r < 0) {
                fprintf(stderr, "docksill %s: %s: %s\n", in->command->name, folder, strerror(-r));
                r = EXIT_ENVIRONMENT;
        } else {
                r = in->json ? print_json(in->command, &l) : print_text(in->command, &l);
        }
        for (size_t i = 0; r == EXIT_FINE && i < l.reports.n; ++i)
                if (l.reports.items[i].trouble.n)
                        r = EXIT_FINDINGS;
        arena_deinit(&l.arena);
        scans_unref(l.scans);
        return r;
}

static int run(const struct invocation *in) {
        cleanup_(setup_close) struct setup setup = { 0 };
        const char *folder;
        int r = setup_open(&setup, in);

        if (r != EXIT_FINE)
                return r;
        folder = scan_commands_folder(in, &setup.config);
        return folder ? list(in, folder, &setup.config) : EXIT_USAGE;
}

const struct command command_scan_list = {
        .name = "scan list",
        .doc = "List the reports that rules can find: per image what was found, how old it is, and which can't be "
               "used.\n"
               "Exit status: 0, or 1 if there is one that can't be used.",
        .options = options,
        .run = run,
};
