#pragma once
/*
 * rule: one rule of a rule set, compiled. rules/README.md has the language.
 */
#include "docksill/base/diag.h"
#include "docksill/rules/condition.h"
#include "docksill/rules/let-in.h"
#include "docksill/rules/reference.h"
#include "docksill/rules/severity.h"
#include "docksill/rules/template.h"

struct rule_exemption;

/* Reserved, for what an environment's access refuses: no rule may be called so, and no exemption may name it. */
#define ACCESS_RULE "access-denied"

struct fix {
        const struct template *cli, *compose; /* NULL: none given */
        const struct template *swarm;         /* what docker service has no flag for, in words; NULL: .cli says it */
        const struct template **flags;        /* of `docker run`; lift the finding */
        size_t n_flags;
        const struct template **service; /* the same for `docker service create` and `update` */
        size_t n_service;
        const struct let_in *list; /* NULL: no list lets it in */
};

/* First match wins for an instance. A rule without cases: has one, of its own severity. */
struct rule_case {
        const struct condition *when; /* NULL: else */
        enum severity severity;
        bool hard;                      /* refuses in every environment */
        const struct template *message; /* never NULL: the case's own or the rule's */
        const struct fix *fix;          /* never NULL likewise; may be empty */
};

/* What a lookup would have said of a host path. */
struct rule_test_path {
        struct str path;  /* as the request has it */
        struct str leads; /* p == NULL: nobody can tell */
};

/* What the engine would have said when asked about one thing. */
struct rule_test_answer {
        struct str kind; /* image, volume, container, exec, network */
        struct str name; /* p == NULL: whatever it is called */
        struct str json; /* p == NULL: nobody answers */
};

/* What an audit would have found on the host. */
struct rule_test_fact {
        const struct fact *fact;
        const struct fact_head *cell; /* of the fact's type; its state says whether that could be told */
        size_t size;
};

/* What a look into the folder of scanners' reports would have come to. */
enum rule_test_scan { RULE_TEST_SCAN_OFF, RULE_TEST_SCAN_NONE, RULE_TEST_SCAN_REPORT, RULE_TEST_SCAN_UNKNOWN };

/* One entry of tests:, kept for `docksill test`. */
struct rule_test {
        struct str name, operation;
        struct str body;   /* JSON text made from body:, or raw:; p == NULL: none */
        bool encoded;      /* body is RequestBody itself, from encoded: */
        struct str target; /* whole target, from path:, query:, api: and the operation's pattern */
        struct str method;
        struct str *headers; /* name, value, name, value …; Content-Length is added by the runner unless given */
        size_t n_headers;    /* pairs */
        /* Host paths that are not among .paths lead nowhere else then; what is not in .answers is not there. */
        bool looked_up;
        const struct rule_test_path *paths;
        size_t n_paths;
        const struct str *sockets; /* host paths that are some */
        size_t n_sockets;
        const struct rule_test_answer *answers;
        size_t n_answers;
        bool of_host; /* what is judged is the host; what is not in .found is not there */
        const struct rule_test_fact *found;
        size_t n_found;
        struct str info; /* JSON text of what GET /info said before; p == NULL: nothing */
        enum rule_test_scan scan;
        struct str report; /* JSON text of RULE_TEST_SCAN_REPORT */
        int64_t today;     /* as clock_wall() counts; 0: whatever day it is */
        enum severity expect;
        struct str response; /* JSON text of the engine's answer; p == NULL: the request is what is judged */
        bool skipped;        /* no request can show it: counted, not run */
        struct position at;
};

struct rule {
        struct str id, title, why;
        const struct fact *each; /* list or set that for_each walks; NULL: none */
        struct str alias;        /* what for_each calls the element */
        /* Whose place evidence names: each, else the first that the conditions use; or NULL. */
        const struct fact *about;
        const struct condition *when; /* NULL: always */
        const struct rule_case *cases;
        size_t n_cases;
        enum severity unknown;                   /* charged when a condition can't be told; never hard */
        bool audit;                              /* override mode: audit: recorded, not enforced */
        bool fixed;                              /* neither an exemption nor an override may change it */
        uint64_t uses;                           /* GROUP_… of all facts used */
        const struct rule_exemption *exemptions; /* that name it, by id */
        size_t n_exemptions;
        const struct rule_reference *references;
        size_t n_references;
        const struct rule_test *tests;
        size_t n_tests;
        struct position at; /* of its id; the source lives in the rule set */
        size_t index;       /* in the rule set */
};

struct rule_view {
        const struct rule *const *items;
        size_t n;
};

/* Has it a hard case that costs something? An override that switches a rule off leaves its cases hard. */
bool rule_is_hard(const struct rule *rule);

/* Is it hard, and not recorded alone? */
bool rule_refuses_everywhere(const struct rule *rule);
