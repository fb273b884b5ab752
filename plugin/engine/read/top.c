#include "top.h"
#include "docksill/base/cleanup.h"
#include "facts/cell.h"

/* Forms without columns of one's own, as people and clients write them. */
static bool is_usual(struct str arguments) {
        static const char *const usual[] = { "aux",     "auxw", "auxww",   "waux",   "axu",  "ax",   "au",
                                             "u",       "ux",   "aux -ww", "-ef",    "-e",   "-f",   "-x",
                                             "-eF",     "-F",   "-ely",    "-el",    "-l",   "-ejf", "-efww",
                                             "-ef -ww", "-A",   "-Af",     "auxwww", "-aux", NULL };

        return str_is_one_of(arguments, usual);
}

/* Of one word each. A start time and a command's name may have blanks, which shift what stands behind them. */
static bool is_short_column(struct str name) {
        static const char *const columns[] = {
                "pid",     "ppid",  "pgid",    "sid",   "sess",   "tid",    "lwp",      "nlwp",  "thcount", "uid",
                "euid",    "ruid",  "gid",     "egid",  "rgid",   "pcpu",   "%cpu",     "pmem",  "%mem",    "rss",
                "rssize",  "rsz",   "vsz",     "vsize", "sz",     "stat",   "s",        "state", "tty",     "tt",
                "tname",   "time",  "cputime", "etime", "etimes", "times",  "cputimes", "pri",   "ni",      "nice",
                "psr",     "c",     "cp",      "f",     "flags",  "policy", "cls",      "class", "rtprio",  "min_flt",
                "maj_flt", "wchan", "user",    "euser", "ruser",  "uname",  NULL,
        };

        return str_is_one_of(name, columns);
}

static bool is_last_column(struct str name) {
        static const char *const columns[] = { "args",       "cmd",      "command", "comm",   "ucmd",  "fname",
                                               "group",      "egroup",   "rgroup",  "lstart", "start", "stime",
                                               "start_time", "bsdstart", "bsdtime", NULL };

        return str_is_one_of(name, columns);
}

/* "pid,ppid,args": what may have blanks stands behind the number that rows are picked by. */
static bool is_columns(struct str list) {
        bool pid = false;

        while (list.p) {
                struct str name = str_cut(&list, ',');

                if (!is_short_column(name) && !(pid && is_last_column(name)))
                        return false;
                pid = pid || str_eqz(name, "pid");
        }
        return pid;
}

/* "-o LIST", "-oLIST", "-eo LIST", "-eoLIST", "-o LIST -o LIST": nothing else beside. */
static bool is_format(struct str arguments) {
        static const struct str heads[] = { STR("-eo"), STR("-Ao"), STR("-o") };
        struct str list = { 0 };

        for (size_t i = 0; i < ARRAY_SIZE(heads) && !list.p; ++i)
                if (str_starts(arguments, heads[i]))
                        list = str_skip(arguments, heads[i].n);
        if (!list.p)
                return false;
        if (str_starts(list, STR_C(" ")))
                list = str_skip(list, 1);
        return is_columns(list);
}

void top_decode(struct reading *in) {
        struct str arguments = reading_parameter(in, "ps_args");
        struct facts *f = in->facts;

        f->top.container = cell_str(in->variables[0]);
        if (str_empty(arguments))
                return;
        f->top.arguments = cell_word(is_usual(arguments) || is_format(arguments) ? WORD_PLAIN : WORD_OTHER);
}
