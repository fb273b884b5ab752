#include "frame/output.h"
#include "frame/setup.h"
#include "log-commands.h"
#include "records/record-files.h"
#include "verify.h"
#include <errno.h>
#include <stdio.h>

#define MEMORY ((size_t)8 * 1024 * 1024)
#define SAID   160 /* bytes of a sentence */

static const struct option_row options[] = {
        OPTION_ROW_CONFIG,
        { "anchor", "LINK:DIGEST", "what was noted of a line before: its number and digest; several with commas" },
        OPTION_ROW_FORMAT,
        { NULL },
};

struct verifying {
        const struct command *command;
        struct arena arena;
        struct record_files files;
        struct verify verify;
};

static int read_file(struct verifying *v, const char *path) {
        struct record_file f = { 0 };
        int r = record_file_open(&f, path);
        struct str line;

        if (r == 0)
                while ((r = record_file_next(&f, &line)) > 0)
                        verify_line(&v->verify, f.name, f.number, line, f.unended);
        record_file_close(&f);
        return r < 0 ? record_files_failed(v->command, path, r) : EXIT_FINE;
}

/* -- text -- */

static void add_fault(struct text *out, const struct verify_fault *fault) {
        char said[SAID];

        if (fault->at.file) {
                text_add_visible(out, str_from(fault->at.file), 1024);
                if (fault->at.line)
                        text_addf(out, ":%llu", (unsigned long long)fault->at.line);
                text_addz(out, ": ");
        }
        verify_say(fault, said, sizeof(said));
        text_addf(out, "%s%s", verify_is_finding(fault->kind) ? "" : "note: ", said);
        if (fault->at.link)
                text_addf(out, " (link %llu%s%s)", (unsigned long long)fault->at.link, fault->at.time[0] ? ", " : "",
                          fault->at.time);
        else if (fault->at.time[0])
                text_addf(out, " (%s)", fault->at.time);
        text_add_char(out, '\n');
}

static const char *verdict_on(const struct verify *found) {
        if (!found->findings)
                return "as it was written, as far as the chain shows";
        return found->first.file ? "NOT as it was written" : "nothing here shows whether it is as it was written";
}

static int print_text(const struct verifying *v) {
        const struct verify *found = &v->verify;
        cleanup_(text_deinit) struct text out;

        text_init(&out);
        for (size_t i = 0; i < found->n; ++i)
                add_fault(&out, &found->faults[i]);
        if (found->findings + found->notes > found->n)
                text_addf(&out, "and %llu more\n", (unsigned long long)(found->findings + found->notes - found->n));
        text_addf(&out, "%llu lines in %zu file%s", (unsigned long long)found->lines, v->files.n,
                  v->files.n == 1 ? "" : "s");
        if (found->first.file)
                text_addf(&out, ", links %llu to %llu, %s to %s\nhead %llu:%s", (unsigned long long)found->first.link,
                          (unsigned long long)found->top.link, found->first.time, found->top.time,
                          (unsigned long long)found->top.link, found->digest);
        text_addf(&out, "\n%s\n", verdict_on(found));
        return output_text(v->command, &out);
}

/* -- JSON -- */

static json_t *fault_json(const struct verify_fault *fault) {
        char said[SAID];

        verify_say(fault, said, sizeof(said));
        return json_pack("{s:s, s:b, s:o, s:I, s:I, s:s, s:I, s:s}", "kind", verify_word(fault->kind), "finding",
                         verify_is_finding(fault->kind), "file", printable_json(str_from(fault->at.file)), "line",
                         (json_int_t)fault->at.line, "link", (json_int_t)fault->at.link, "time", fault->at.time, "n",
                         (json_int_t)fault->n, "says", said);
}

static int print_json(const struct verifying *v) {
        const struct verify *found = &v->verify;
        json_auto_t *faults = json_array(), *files = json_array();

        for (size_t i = 0; i < found->n; ++i)
                if (json_array_append_new(faults, fault_json(&found->faults[i])) < 0)
                        return output_json(v->command, NULL);
        for (size_t i = 0; i < v->files.n; ++i)
                if (json_array_append_new(files, printable_json(str_from(v->files.items[i].path))) < 0)
                        return output_json(v->command, NULL);
        return output_json(v->command,
                           json_pack("{s:s, s:b, s:O, s:I, s:I, s:{s:I, s:s}, s:{s:I, s:s, s:s}, s:O, s:I, s:I}",
                                     "schema", "docksill.log-verify/1", "holds", found->findings == 0, "files", files,
                                     "lines", (json_int_t)found->lines, "lost", (json_int_t)found->lost, "first",
                                     "link", (json_int_t)found->first.link, "time", found->first.time, "head", "link",
                                     (json_int_t)found->top.link, "digest", found->digest, "time", found->top.time,
                                     "faults", faults, "findings", (json_int_t)found->findings, "notes",
                                     (json_int_t)found->notes));
}

static int verify(struct verifying *v, const struct invocation *in) {
        const char *anchor = invocation_option(in, "anchor");
        int result;

        if (anchor && !verify_anchor(&v->verify, str_from(anchor)))
                return command_misused(in->command,
                                       "--anchor is a line's number and its digest, as \"head\" is printed: "
                                       "10423:0a1b… with 64 hex digits; at most %d, with commas",
                                       VERIFY_ANCHORS);
        result = record_files_find(&v->files, &v->arena, in);
        for (size_t i = 0; result == EXIT_FINE && i < v->files.n; ++i)
                result = read_file(v, v->files.items[i].path);
        if (result != EXIT_FINE)
                return result;
        verify_end(&v->verify);
        result = in->json ? print_json(v) : print_text(v);
        return result == EXIT_FINE && v->verify.findings ? EXIT_FINDINGS : result;
}

static int run(const struct invocation *in) {
        struct verifying v = { .command = in->command };
        int result;

        if (verify_init(&v.verify) < 0)
                return record_files_failed(in->command, "records", -ENOMEM);
        arena_init(&v.arena, MEMORY);
        result = verify(&v, in);
        arena_deinit(&v.arena);
        verify_deinit(&v.verify);
        return result;
}

const struct command command_log_verify = {
        .name = "log verify",
        .arguments = "[FILE…]",
        .doc = "Check the chain of the records: lines that were changed, taken out, put in or moved.\n"
               "Without files: the configured one and what logrotate made of it, .gz too. Whoever may write to them "
               "can make the\n"
               "chain anew, and the last line is held by none behind it: note the head elsewhere, and check it with "
               "--anchor.\n"
               "Exit code 1 if something was found, 4 if a file can't be read.",
        .most = ARGUMENTS_ANY,
        .options = options,
        .run = run,
};
