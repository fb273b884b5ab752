#include "call.h"

/* @arguments are written into the query, escaped where a query wants it. */
static void check(const char *arguments, const char *wanted) {
        cleanup_(call_free) struct call c = { 0 };
        struct text uri;

        text_init(&uri);
        text_addz(&uri, "/v1.41/containers/web/top?ps_args=");
        for (const char *p = arguments; *p; ++p)
                text_addf(&uri, "%%%02x", (unsigned char)*p);
        call_read(&c, (struct wire){ "GET", uri.p, NULL, "" });
        text_deinit(&uri);
        assert_false(flaws_any(&c.request.flaws));
        if (!str_eqz(c.request.facts.top.arguments.value, wanted))
                fail_msg("%s is %" STR_FMT, arguments, STR_ARG(c.request.facts.top.arguments.value));
        assert_str(c.request.facts.top.container.value, "web");
        assert_true(request_yields(&c.request) & GROUP_TOP);
}

static void what_people_write_is_plain(void **state) {
        static const char *const arguments[] = {
                "aux",  "auxw",    "auxww", "auxwww", "waux",  "axu",     "ax", "au",  "u",
                "ux",   "aux -ww", "-aux",  "-ef",    "-e",    "-f",      "-x", "-eF", "-F",
                "-ely", "-el",     "-l",    "-ejf",   "-efww", "-ef -ww", "-A", "-Af",
        };

        (void)state;
        check("", "none");
        for (size_t i = 0; i < ARRAY_SIZE(arguments); ++i)
                check(arguments[i], "plain");
}

static void columns_of_one_s_own_are_plain_where_none_can_shift_the_number(void **state) {
        static const char *const words[] = {
                "pid",     "ppid",  "pgid",    "sid",   "sess",   "tid",    "lwp",      "nlwp",  "thcount", "uid",
                "euid",    "ruid",  "gid",     "egid",  "rgid",   "pcpu",   "%cpu",     "pmem",  "%mem",    "rss",
                "rssize",  "rsz",   "vsz",     "vsize", "sz",     "stat",   "s",        "state", "tty",     "tt",
                "tname",   "time",  "cputime", "etime", "etimes", "times",  "cputimes", "pri",   "ni",      "nice",
                "psr",     "c",     "cp",      "f",     "flags",  "policy", "cls",      "class", "rtprio",  "min_flt",
                "maj_flt", "wchan", "user",    "euser", "ruser",  "uname",
        };
        static const char *const last[] = { "args",  "cmd",   "command",    "comm",     "ucmd",
                                            "fname", "group", "egroup",     "rgroup",   "lstart",
                                            "start", "stime", "start_time", "bsdstart", "bsdtime" };
        static const char *const whole[] = {
                "-o pid",           "-opid",
                "-eo pid",          "-eopid",
                "-Ao pid,args",     "-o pid,cmd",
                "-eo pid,rss,args", "-o pid,args,pid",
                "-o pid,pid",       "-opid,ppid,pgid,vsz,time,etime,nice,ruser,user,rgroup,group,stat,rss,args",
        };
        char text[64];

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(whole); ++i)
                check(whole[i], "plain");
        for (size_t i = 0; i < ARRAY_SIZE(words); ++i) {
                snprintf(text, sizeof(text), "-o %s,pid", words[i]);
                check(text, "plain");
        }
        for (size_t i = 0; i < ARRAY_SIZE(last); ++i) {
                snprintf(text, sizeof(text), "-o pid,%s", last[i]);
                check(text, "plain");
                snprintf(text, sizeof(text), "-o %s,pid", last[i]);
                check(text, "other");
        }
}

/* dockerd keeps the rows whose field below the first title PID is a number of the container. */
static void whatever_chooses_other_rows_is_not_plain(void **state) {
        static const char *const arguments[] = {
                /* a title of the caller's */
                "-eosz=PID,args e f",
                "--format=sz=PID,args",
                "axosz=PID,args",
                "-o sz=PID,pid",
                "-o pid=X",
                "-o pid=",
                "-o pid,args=",
                /* columns of several words before the number */
                "-eo lstart,uid,uid,uid,pid,args e f",
                "-eo uid,lstart,uid,pid,args -H",
                "-o args",
                "-o comm,pid",
                /* variables of each process */
                "e",
                "axe",
                "auxe",
                "auxeww",
                "-e e",
                "aux e",
                "-o pid,env",
                "-o pid,environ",
                /* processes of one's own choice, files that are named */
                "-p 1",
                "-C dockerd",
                "-u root",
                "-U nobody-there",
                "-t /etc/shadow",
                "--ppid 1",
                "-N",
                "--sort pid",
                "-H",
                "f",
                "--forest",
                "h",
                "--no-headers",
                "-ef --no-headers",
                "L",
                "m",
                "-T",
                "-L",
                /* nothing of that, but nothing that is known either */
                " ",
                " aux",
                "aux ",
                "aux  -ww",
                "AUX",
                "-EF",
                "-ef\t",
                "-ef\n",
                "-o",
                "-eo",
                "-o ",
                "-o  pid",
                "-o pid,",
                "-o ,pid",
                "-o pid,,args",
                "-o pid args",
                "-o pid -e",
                "-o pid,args -e",
                "-o pid -o args",
                "-o PID",
                "-o Pid",
                "-o pid;args",
                "-o ppid",
                "-o user,args",
                "-o pid,x",
                "-o pid,label",
                "-o pid,unit",
                "-o pid,cgroup",
                "-o pid,exe",
                "-oe pid",
                "-O pid",
                "o pid",
                "-xo pid",
                "-o p\xc4\xb1"
                "d",
                "\xff",
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(arguments); ++i)
                check(arguments[i], "other");
}

static void the_first_of_several_counts(void **state) {
        static const struct {
                const char *uri, *arguments;
        } rows[] = {
                { "/v1.41/containers/web/top", "none" },
                { "/v1.41/containers/web/top?ps_args", "none" },
                { "/v1.41/containers/web/top?ps_args=", "none" },
                { "/v1.41/containers/web/top?PS_ARGS=e", "none" },
                { "/v1.41/containers/web/top?ps_args=aux&ps_args=e", "plain" },
                { "/v1.41/containers/web/top?ps_args=e&ps_args=aux", "other" },
                { "/v1.41/containers/web/top?x=aux&ps%5fargs=e", "other" },
                { "/v1.41/containers/web/top?ps_args=-o+pid,args", "plain" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };

                call_read(&c, (struct wire){ "GET", rows[i].uri, NULL, "" });
                assert_false(flaws_any(&c.request.flaws));
                assert_str(c.request.facts.top.arguments.value, rows[i].arguments);
        }
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(what_people_write_is_plain),
                cmocka_unit_test(columns_of_one_s_own_are_plain_where_none_can_shift_the_number),
                cmocka_unit_test(whatever_chooses_other_rows_is_not_plain),
                cmocka_unit_test(the_first_of_several_counts),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
