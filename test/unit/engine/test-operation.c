#include "call.h"

struct row {
        const char *method, *path, *id;
        const char *first, *second; /* variables */
};

static void check(const struct row *row) {
        struct operation_variables v;
        const struct operation *o = operation_match(str_from(row->method), str_from(row->path), &v);

        if (!row->id) {
                if (o)
                        fail_msg("%s %s is %s", row->method, row->path, o->id.p);
                assert_int_equal(v.n, 0);
                return;
        }
        if (!o)
                fail_msg("%s %s is nothing", row->method, row->path);
        assert_str(o->id, row->id);
        assert_int_equal(v.n, (row->first != NULL) + (row->second != NULL));
        if (row->first)
                assert_str(v.items[0], row->first);
        if (row->second)
                assert_str(v.items[1], row->second);
}

static void the_first_row_that_matches_wins(void **state) {
        static const struct row rows[] = {
                { "POST", "/containers/create", "container.create" },
                { "GET", "/containers/json", "container.list" },
                { "GET", "/containers/json/json", "container.inspect", "json" },
                { "GET", "/containers/a/json", "container.inspect", "a" },
                { "GET", "/containers/a/b/json", "container.inspect", "a/b" },
                { "GET", "/containers/a/logs/json", "container.inspect", "a/logs" },
                { "GET", "/containers/a/json/logs", "container.logs", "a/json" },
                { "GET", "/containers/a/attach/ws", "container.attach-websocket", "a" },
                { "POST", "/containers/a/attach", "container.attach", "a" },
                { "POST", "/containers/a/exec", "exec.create", "a" },
                { "POST", "/exec/x/start", "exec.start", "x" },
                { "GET", "/exec/x/json", "exec.inspect", "x" },
                { "POST", "/containers/prune", "container.prune" },
                { "DELETE", "/containers/a", "container.remove", "a" },
                { "DELETE", "/containers/a/checkpoints/c", "container.checkpoint-delete", "a", "c" },
                { "DELETE", "/containers/a/b/checkpoints/c", "container.remove", "a/b/checkpoints/c" },
                { "DELETE", "/containers/a/checkpoints/", "container.remove", "a/checkpoints/" },
                { "HEAD", "/containers/a/archive", "container.archive-head", "a" },
                { "PUT", "/containers/a/archive", "container.archive-put", "a" },
                { "GET", "/images/get", "image.save" },
                { "GET", "/images/r.example/x/y:1/json", "image.inspect", "r.example/x/y:1" },
                { "GET", "/networks", "network.list" },
                { "GET", "/networks/", "network.list" },
                { "GET", "/networks/x", "network.inspect", "x" },
                { "GET", "/networks/x/", "network.inspect", "x/" },
                { "GET", "/services/x", "service.inspect", "x" },
                { "GET", "/services/x/logs", "service.logs", "x" },
                { "POST", "/services/create", "service.create" },
                { "POST", "/services/create/update", "service.update", "create" },
                { "GET", "/swarm/unlockkey", "swarm.unlockkey" },
                { "POST", "/commit", "container.commit" },
                { "POST", "/build", "image.build" },
                { "GET", "/_ping", "system.ping" },
                { "HEAD", "/_ping", "system.ping" },
                { "OPTIONS", "/", "options", "" },
                { "OPTIONS", "/any/thing", "options", "any/thing" },
                { "DELETE", "/debug/vars", "debug" },
                { "GET", "/debug/pprof/", "debug" },
                { "POST", "/debug/pprof/heap", "debug", "heap" },
                { "GET", "/plugins/privileges", "plugin.privileges" },
                { "GET", "/distribution/a/b/json", "distribution.inspect", "a/b" },
                { "PUT", "/volumes/v", "volume.update", "v" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                check(&rows[i]);
}

static void what_was_told_of_images_and_volumes_may_change_by_these_alone(void **state) {
        static const struct {
                const char *id;
                unsigned changes;
        } rows[] = {
                { "build.prune", OPERATION_CHANGES_IMAGES },
                { "container.commit", OPERATION_CHANGES_IMAGES },
                { "container.prune", OPERATION_CHANGES_VOLUMES },
                { "container.remove", OPERATION_CHANGES_VOLUMES },
                { "grpc", OPERATION_CHANGES_IMAGES },
                { "image.build", OPERATION_CHANGES_IMAGES },
                { "image.create", OPERATION_CHANGES_IMAGES },
                { "image.load", OPERATION_CHANGES_IMAGES },
                { "image.prune", OPERATION_CHANGES_IMAGES },
                { "image.remove", OPERATION_CHANGES_IMAGES },
                { "image.tag", OPERATION_CHANGES_IMAGES },
                { "service.create", OPERATION_CHANGES },
                { "service.remove", OPERATION_CHANGES_VOLUMES },
                { "service.update", OPERATION_CHANGES },
                { "session", OPERATION_CHANGES_IMAGES },
                { "volume.create", OPERATION_CHANGES_VOLUMES },
                { "volume.prune", OPERATION_CHANGES_VOLUMES },
                { "volume.remove", OPERATION_CHANGES_VOLUMES },
                { "volume.update", OPERATION_CHANGES_VOLUMES },
        };

        (void)state;
        assert_int_equal(operation_changes(NULL), OPERATION_CHANGES);
        for (size_t i = 0; i < operation_table_n; ++i) {
                const struct operation *o = &operation_table[i];
                unsigned changes = 0;

                for (size_t k = 0; k < ARRAY_SIZE(rows); ++k)
                        if (str_eqz(o->id, rows[k].id))
                                changes = rows[k].changes;
                if (operation_changes(o) != changes)
                        fail_msg("%s: %u", o->id.p, operation_changes(o));
                assert_false(changes && o->flags & OPERATION_READ);
        }
}

static void what_no_route_has_is_unknown(void **state) {
        static const struct row rows[] = {
                { "GET", "/containers/create" },
                { "post", "/containers/create" },
                { "POST", "/containers/create/" },
                { "POST", "/Containers/create" },
                { "POST", "/containers" },
                { "GET", "/containers/a\nb/json" },
                { "GET", "/services/a/b" },
                { "GET", "/services/" },
                { "GET", "/debug/pprof/a/b" },
                { "GET", "/debug" },
                { "GET", "/" },
                { "GET", "" },
                { "", "/info" },
                { "GETX", "/info" },
                { "GET", "/information" },
                { "GET", "/inf" },
                { "PATCH", "/volumes/v" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                check(&rows[i]);
}

/* A row that an earlier one hides could never be reached. */
static void every_row_can_be_reached(void **state) {
        (void)state;
        for (size_t i = 0; i < operation_table_n; ++i) {
                const struct operation *o = &operation_table[i];
                struct operation_variables v;
                char path[128];
                size_t n = 0;

                for (const char *p = o->path; *p; ++p) {
                        if (*p == '{')
                                p = strchr(p, '}');
                        path[n++] = *p == '}' ? 'x' : *p;
                }
                assert_ptr_equal(operation_match(str_from(o->method ? o->method : "GET"), (struct str){ path, n }, &v),
                                 o);
        }
}

static void rows_are_complete(void **state) {
        (void)state;
        assert_true(operation_table_n > 110);
        for (size_t i = 0; i < operation_table_n; ++i) {
                const struct operation *o = &operation_table[i];
                bool safe = o->method && (strcmp(o->method, "GET") == 0 || strcmp(o->method, "HEAD") == 0 ||
                                          strcmp(o->method, "OPTIONS") == 0);

                assert_true(o->doc && o->source && (o->path[0] == '/' || o->flags & OPERATION_OURS));
                assert_int_equal(o->method == NULL, (o->flags & OPERATION_ANY_METHOD) != 0);
                /* Only what changes nothing may be called a read. */
                if (o->flags & OPERATION_READ)
                        assert_true(safe);
                if (o->flags & (OPERATION_READ | OPERATION_LIFECYCLE))
                        assert_true(o->flags & OPERATION_JUDGED);
                if (o->body == BODY_REQUIRED && (o->flags & OPERATION_JUDGED))
                        assert_non_null(o->read);
                assert_str(operation_find(o->id)->id, o->id.p);
        }
        assert_null(operation_find(STR_C("container.nothing")));
}

/* What is looked up, and what a response tells, is asked or told of by the same rows. */
static void what_is_looked_up_is_asked(void **state) {
        (void)state;
        for (size_t i = 0; i < operation_table_n; ++i) {
                const struct operation *o = &operation_table[i];
                bool reached = o->asks & ASKS_REACHED;
                bool target = o->asks & (ASKS_CONTAINER | ASKS_EXEC | ASKS_COMMITTED) || o->asks == ASKS_REACHED;

                if (reached != !!(o->yields & GROUP_REACHED))
                        fail_msg("%s asks what it reaches, or does not", o->id.p);
                if (o->flags & OPERATION_READ && o->asks & ~ASKS_REACHED)
                        fail_msg("%s is a read", o->id.p);
                if (target != !!(o->yields & GROUP_TARGET) ||
                    !!(o->asks & ASKS_STARTED) != (target && o->yields & GROUP_MOUNTS) ||
                    !!(o->asks & ASKS_DRIVERS) != !!(o->yields & (GROUP_DRIVERS | GROUP_VOLUME)) ||
                    (o->asks & (ASKS_IMAGE_RUN | ASKS_IMAGE_PULLED) && !(o->asks & ASKS_IMAGE)))
                        fail_msg("%s asks %#x", o->id.p, o->asks);
                if ((o->tells != TELLS_NOTHING) != !!(o->yields & GROUP_RESPONSE))
                        fail_msg("%s tells %d", o->id.p, (int)o->tells);
        }
}

/* Of operations, by index: a call of the corpus stands for it. */
static bool has_call[256];

static void note_call(const json_t *line) {
        const json_t *envelope = json_object_get(line, "envelope");
        const char *method = json_string_value(json_object_get(envelope, "RequestMethod"));
        const char *uri = json_string_value(json_object_get(envelope, "RequestUri"));
        cleanup_(arena_deinit) struct arena arena;
        struct operation_variables v;
        const struct operation *o;
        struct flaws flaws = { 0 };
        struct target target;

        arena_init(&arena, 1 << 20);
        if (!method || !uri)
                return;
        assert_int_equal(target_parse(&target, &arena, &flaws, str_from(uri)), 0);
        o = flaws_any(&flaws) ? NULL : operation_match(str_from(method), target.path, &v);
        if (o)
                has_call[operation_index(operation_find(o->id))] = true;
}

/* Those of which no client of the corpus has made a call yet, and what reads one instead. */
static const struct {
        const char *id, *reason;
} excuses[] = {
        { "container.attach-websocket", "for browsers; no client that was recorded does it" },
        { "volume.update", "cluster volumes alone, for which no driver was at hand" },
        { "swarm.leave", "test/unit/engine/test-swarm.c" },
        { "swarm.unlock", "needs a locked swarm; test/unit/engine/test-swarm.c" },
        { "node.remove", "needs a swarm of two; test/unit/engine/test-swarm.c" },
        { "secret.remove", "nothing is read; test/unit/engine/test-operation.c" },
        { "secret.update", "no client offers it; test/unit/engine/test-swarm-data.c" },
        { "config.create", "test/unit/engine/test-swarm-data.c" },
        { "config.remove", "nothing is read; test/unit/engine/test-operation.c" },
        { "config.update", "no client offers it; test/unit/engine/test-swarm-data.c" },
        { "plugin.privileges", "goes to a registry, and none was at hand; test/unit/engine/test-plugin.c" },
        { "plugin.remove", "no plugin was at hand; test/unit/engine/test-plugin.c" },
        { "plugin.push", "no plugin was at hand; test/unit/engine/test-plugin.c" },
        { "network.disconnect", "test/unit/engine/test-network.c" },
};

static const char *excuse_of(struct str id) {
        for (size_t i = 0; i < ARRAY_SIZE(excuses); ++i)
                if (str_eqz(id, excuses[i].id))
                        return excuses[i].reason;
        return NULL;
}

static void what_is_judged_has_a_call_in_the_corpus(void **state) {
        static const char *const files[] = { "recorded", "public", "doors", "clients" };
        size_t excused = 0;

        (void)state;
        assert_true(operation_table_n <= ARRAY_SIZE(has_call));
        for (size_t i = 0; i < ARRAY_SIZE(files); ++i) {
                char file[64];

                snprintf(file, sizeof(file), "corpus/%s.jsonl", files[i]);
                assert_true(corpus_each(file, note_call) > 10);
        }
        for (size_t i = 0; i < operation_table_n; ++i) {
                const struct operation *o = &operation_table[i];
                bool judged = o->read || o->asks || !(o->flags & (OPERATION_READ | OPERATION_LIFECYCLE));

                if (operation_find(o->id) != o)
                        continue;
                if (judged && !has_call[i] && !excuse_of(o->id))
                        fail_msg("%s has no call in test/corpus, and no excuse", o->id.p);
                if (has_call[i] && excuse_of(o->id))
                        fail_msg("%s has a call in test/corpus, and needs no excuse", o->id.p);
                excused += excuse_of(o->id) != NULL;
        }
        assert_int_equal(excused, ARRAY_SIZE(excuses)); /* each is of an operation that there is */
}

/* A row without the flag yields request-not-judged-yet, which no test of a rule could show as long as there is none. */
static void every_operation_is_judged(void **state) {
        (void)state;
        for (size_t i = 0; i < operation_table_n; ++i)
                if (!(operation_table[i].flags & OPERATION_JUDGED))
                        fail_msg("%s", operation_table[i].id.p);
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_first_row_that_matches_wins),
                cmocka_unit_test(what_was_told_of_images_and_volumes_may_change_by_these_alone),
                cmocka_unit_test(what_no_route_has_is_unknown),
                cmocka_unit_test(every_row_can_be_reached),
                cmocka_unit_test(rows_are_complete),
                cmocka_unit_test(what_is_looked_up_is_asked),
                cmocka_unit_test(what_is_judged_has_a_call_in_the_corpus),
                cmocka_unit_test(every_operation_is_judged),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
