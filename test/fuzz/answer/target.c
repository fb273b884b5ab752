/*
 * The first byte picks a request. What follows, line by line, is what the engine says to each of its questions: JSON,
 * nothing at all for silence; where no line is left, there is no such thing.
 */
#include "../judge.h"
#include "docksill/base/cleanup.h"
#include "docksill/engine/question.h"
#include "docksill/engine/request-path.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct call {
        const char *method, *target, *body;
} calls[] = {
        { "POST", "/v1.41/containers/create?name=web",
          "{\"Image\":\"r.example:5000/a/"
          "b:1\",\"HostConfig\":{\"NetworkMode\":\"container:p\",\"PidMode\":\"container:q\","
          "\"IpcMode\":\"container:p\",\"VolumesFrom\":[\"p:ro\",\"s\"],\"Binds\":[\"v:/v\",\"w:/w:ro\",\"v:/x\"]}}" },
        { "POST", "/v1.41/containers/create?platform=linux/arm64",
          "{\"Image\":\"a\",\"Env\":[\"A=1\",\"TOKEN\"],\"Entrypoint\":[],\"HostConfig\":{\"Mounts\":[{\"Type\":"
          "\"volume\","
          "\"Source\":\"v\",\"Target\":\"/v\",\"VolumeOptions\":{\"DriverConfig\":{\"Name\":\"local\",\"Options\":{"
          "\"type\":\"none\",\"o\":\"bind\",\"device\":\"/srv\"}}}}]}}" },
        { "POST", "/v1.41/services/create",
          "{\"TaskTemplate\":{\"ContainerSpec\":{\"Image\":\"a@sha256:"
          "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\",\"Mounts\":[{\"Type\":\"volume\","
          "\"Source\":"
          "\"v\",\"Target\":\"/v\"}]},\"Networks\":[{\"Target\":\"abc\"},{\"Target\":\"def\"}]}}" },
        { "POST", "/v1.41/containers/p/start", "" },
        { "POST", "/v1.41/containers/p/restart", "" },
        { "POST", "/v1.41/containers/p/exec", "{\"Cmd\":[\"sh\"]}" },
        { "POST", "/v1.41/exec/0a/start", "{}" },
        { "POST", "/v1.41/commit?container=p&repo=a", "{\"User\":\"0\"}" },
        { "POST", "/v1.41/containers/p/update", "{\"Memory\":0}" },
        { "PUT", "/v1.41/containers/p/archive?path=/etc", "" },
        { "POST", "/v1.41/images/a/push?tag=1", "" },
        { "POST", "/v1.41/plugins/a/enable", "" },
        { "POST", "/v1.41/networks/create", "{\"Name\":\"n\",\"Driver\":\"a\",\"IPAM\":{\"Driver\":\"b\"}}" },
        { "POST", "/v1.41/volumes/create", "{\"Name\":\"v\",\"Driver\":\"a\"}" },
};

static const char *const inspects[QUESTION_KINDS] = {
        [QUESTION_IMAGE] = "image.inspect",         [QUESTION_VOLUME] = "volume.inspect",
        [QUESTION_CONTAINER] = "container.inspect", [QUESTION_EXEC] = "exec.inspect",
        [QUESTION_NETWORK] = "network.inspect",     [QUESTION_PLUGIN] = "plugin.inspect",
        [QUESTION_HISTORY] = "image.history",       [QUESTION_ATTESTATIONS] = "image.attestations",
};

int LLVMFuzzerInitialize(int *argc, char ***argv) {
        (void)argc;
        (void)argv;
        judge_init();
        return 0;
}

/* Whatever an answer named: what is asked next leads to the inspect of that name and nowhere else. */
static void check_target(const struct question *q, struct arena *arena) {
        struct operation_variables variables;
        struct flaws flaws = { 0 };
        const struct operation *o;
        struct str name = q->name;
        struct target target;
        struct text t;

        text_init(&t);
        question_target(&t, q);
        assert(!t.failed);
        assert(target_parse(&target, arena, &flaws, text_str(&t)) == 0 && !flaws_any(&flaws));
        o = operation_match(STR_C("GET"), target.path, &variables);
        assert(o && str_eqz(o->id, inspects[q->kind]) && o->flags & OPERATION_READ);
        if (q->kind == QUESTION_CONTAINER && str_starts(name, STR_C("/")))
                name = str_skip(name, 1);
        assert(str_eq(variables.items[0], name));
        assert(str_empty(target_parameter(&target, STR_C("")))); /* the '?' of a name begins no query */
        text_deinit(&t);
}

/* An enum that is known has one of its values: no condition could name another. */
static void check_enums(const struct fact *row, const void *base) {
        const struct fact_head *head = fact_cell(row, base);
        const char *const *v = row->values;

        if (row->type != FACT_ENUM || head->state != FACT_KNOWN)
                return;
        while (*v && !str_eqz(((const struct fact_str *)head)->value, *v))
                ++v;
        assert(*v);
}

static void check_facts(const struct request *r) {
        for (size_t i = 0; i < fact_table_n; ++i) {
                const struct fact *row = &fact_table[i];
                const struct fact_list *list = (const struct fact_list *)fact_cell(row, &r->facts);

                if (row->looked_up)
                        check_enums(row, &r->facts);
                for (size_t k = 0; row->type == FACT_LIST && k < list->n; ++k)
                        for (const struct fact *e = row->element; !str_empty(e->name); ++e)
                                check_enums(e, (const char *)list->items + k * row->element_size);
        }
}

/* Each question once, in their order; what there is no memory for is a flaw. */
static void answer_all(struct request *r, struct arena *arena, struct str rest) {
        struct questions questions = { 0 };

        r->reaches = r->history = true;
        questions_of(&questions, r, arena);
        assert(questions.n > 0);
        for (size_t i = 0; i < questions.n; ++i) {
                enum answer answer = ANSWER_MISSING;
                struct str json = { 0 };

                check_target(&questions.items[i], arena);
                if (rest.p) {
                        json = str_cut(&rest, '\n');
                        answer = str_empty(json) ? ANSWER_NONE : ANSWER_TOLD;
                }
                question_answer(r, arena, &questions, i, answer, json);
        }
        assert(questions.n <= QUESTIONS_MOST);
}

/* Every other one leads elsewhere. */
static void follow_all(struct request *r, struct arena *arena) {
        struct request_path *paths;
        size_t n;

        if (request_paths(r, arena, &paths, &n) < 0) {
                request_paths_mark_unknown(r);
                return;
        }
        for (size_t i = 0; i < n; ++i)
                if (i % 2 || request_path_resolved(&paths[i], arena, STR_C("/etc"), i % 3 == 0) < 0)
                        request_path_mark_unknown(&paths[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        struct request request;
        struct arena arena;
        const struct call *c;
        struct text text;

        if (size == 0)
                return -1;
        c = &calls[data[0] % ARRAY_SIZE(calls)];
        text_init(&text);
        envelope_add(&text, (struct sent){ str_from(c->method), str_from(c->target), str_from(c->body) });
        arena_init(&arena, JUDGE_MEMORY);
        assert(request_read(&request, &arena, text_str(&text)) == ENVELOPE_READ);
        assert(!flaws_any(&request.flaws));
        answer_all(&request, &arena, (struct str){ (const char *)data + 1, size - 1 });
        check_facts(&request);
        follow_all(&request, &arena);
        judge_decide(&request, &arena);
        arena_deinit(&arena);
        text_deinit(&text);
        return 0;
}
