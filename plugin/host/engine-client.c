#include "docksill/host/engine-client.h"
#include "docksill/base/clock.h"
#include <assert.h>
#include <errno.h>

/* Of the questions under way so many are looked at, the latest first, for one that another request asks already. */
#define JOIN_LOOK 64

/*
 * A question under way, and who waits for its answer.
 *
 * Who must not join it, since what it hears may be of a moment before, joins the one behind it, which is put once this
 * one has ended. So one container that the engine can't speak of takes one connection, however many ask about it, and
 * leaves the others to those who ask about others.
 */
struct inquiry {
        struct docker_get get; /* first: the client knows no more of it */
        struct list_link link;
        struct inquiry *behind, *before; /* of the same target; one that has one before it is not put yet */
        struct ask *asks;
        enum question_kind kind;
        unsigned epoch; /* of the cache, and the time, when it was asked */
        int64_t asked;
        char target[];
};

/* One who waits for one. */
struct ask {
        struct asking *asking;
        struct inquiry *inquiry;
        struct list_link link; /* of the asking's */
        struct ask *beside;    /* of the inquiry's */
        size_t question;
};

void engine_client_init(struct engine_client *a) {
        *a = (struct engine_client){ 0 };
}

/* From now on they are the request's alone. */
static void release_taken(struct asking *asking) {
        asking->engine_client->taken -= asking->taken;
        asking->taken = 0;
}

static void done(struct asking *asking) {
        asking->next = asking->engine_client->done;
        asking->engine_client->done = asking;
}

static void not_done(struct asking *asking) {
        struct asking **at = &asking->engine_client->done;

        while (*at && *at != asking)
                at = &(*at)->next;
        if (*at)
                *at = asking->next;
}

/* -- questions under way -- */

static struct inquiry *inquiry_new(enum question_kind kind, struct str target) {
        struct inquiry *q = malloc(sizeof(*q) + target.n);

        if (!q)
                return NULL;
        *q = (struct inquiry){ .get.target = { q->target, target.n }, .kind = kind };
        memcpy(q->target, target.p, target.n);
        return q;
}

/* From now on it is under way. */
static void put(struct engine_client *a, struct inquiry *q, int64_t now) {
        q->epoch = a->cache.epochs[q->kind];
        q->asked = now;
        list_prepend(&a->inquiries, &q->link);
        docker_ask(a->docker, &q->get);
}

/* The one behind @q, which ends. */
static void put_behind(struct engine_client *a, struct inquiry *q) {
        struct inquiry *behind = TAKE(q->behind);

        if (!behind)
                return;
        behind->before = NULL;
        put(a, behind, clock_monotonic());
}

static struct inquiry *find_inquiry(struct engine_client *a, enum question_kind kind, struct str target) {
        unsigned looks = 0;

        LIST_FOREACH(at, &a->inquiries) {
                struct inquiry *q = LIST_ENTRY(at, struct inquiry, link);

                if (looks++ == JOIN_LOOK)
                        return NULL;
                if (q->kind == kind && str_eq(q->get.target, target))
                        return q;
        }
        return NULL;
}

/* Only what would be remembered: who asks about a container wants to know how it is now. */
static bool may_join(const struct engine_client *a, const struct inquiry *q, int64_t now) {
        return answer_cache_keeps(q->kind) && q->epoch == a->cache.epochs[q->kind] && now - q->asked < ANSWER_CACHE_AGE;
}

/* One to wait for, made where there is none. NULL: no memory. */
static struct inquiry *inquire(struct engine_client *a, enum question_kind kind, struct str target, int64_t now) {
        struct inquiry *before = find_inquiry(a, kind, target), *q;

        if (before && may_join(a, before, now))
                return before;
        if (before && before->behind)
                return before->behind;
        q = inquiry_new(kind, target);
        if (!q)
                return NULL;
        q->before = before;
        if (before)
                before->behind = q;
        else
                put(a, q, now);
        return q;
}

static void link_ask(struct ask *ask) {
        struct asking *asking = ask->asking;

        list_prepend(&asking->asks, &ask->link);
        ++asking->open;
        ask->beside = ask->inquiry->asks;
        ask->inquiry->asks = ask;
}

static void unlink_ask(struct ask *ask) {
        struct ask **at = &ask->inquiry->asks;

        list_remove(&ask->asking->asks, &ask->link);
        --ask->asking->open;
        while (*at != ask)
                at = &(*at)->beside;
        *at = ask->beside;
}

/* -- questions -- */

static const struct str nothing;

/* @json: in the arena. */
static void take(struct asking *asking, size_t question, enum answer answer, struct str json) {
        asking->failed = asking->failed || answer == ANSWER_NONE;
        question_answer(asking->request, asking->arena, &asking->questions, question, answer, json);
        if (asking->questions.items[question].unreadable)
                asking->engine_client->trouble = "what it says is not what engines write";
}

/* The answer outlives the client's buffer and the cache, and is the request's. */
static void take_told(struct asking *asking, size_t question, struct str json) {
        enum answer answer = ANSWER_TOLD;
        struct str kept = { NULL, 0 };

        if (json.n > ASKING_MEMORY - asking->taken) {
                answer = ANSWER_LARGE;
        } else if (json.n > ASKER_MEMORY - asking->engine_client->taken) {
                answer = ANSWER_NONE; /* others' doing */
        } else if (arena_str(asking->arena, json, &kept) < 0) {
                answer = ANSWER_LARGE;
        } else {
                asking->taken += json.n;
                asking->engine_client->taken += json.n;
        }
        take(asking, question, answer, kept);
}

/* Waits for the answer, perhaps beside others. False: there is no memory. */
static bool wait_for(struct asking *asking, size_t i, struct str target, int64_t now) {
        enum question_kind kind = asking->questions.items[i].kind;
        struct ask *ask = ARENA_NEW(asking->arena, struct ask);
        struct inquiry *inquiry = ask ? inquire(asking->engine_client, kind, target, now) : NULL;

        if (!inquiry)
                return false;
        *ask = (struct ask){ .asking = asking, .inquiry = inquiry, .question = i };
        link_ask(ask);
        return true;
}

static void begin(struct asking *asking, size_t i) {
        const int64_t now = clock_monotonic();
        struct engine_client *a = asking->engine_client;
        struct text target;
        struct str known;

        text_init_arena(&target, asking->arena);
        question_target(&target, &asking->questions.items[i]);
        known = target.failed ? nothing : answer_cache_find(&a->cache, text_str(&target), now);
        if (known.p)
                take_told(asking, i, known);
        else if (!a->docker)
                take(asking, i, ANSWER_NONE, nothing);
        else if (target.failed || !wait_for(asking, i, text_str(&target), now))
                take(asking, i, ANSWER_LARGE, nothing);
}

/* An answer that is remembered may raise further questions, so the end is looked at each time. Once an answer has shown
 * a flaw, nothing more can be gained. */
static void go_on(struct asking *asking) {
        while (asking->put < asking->questions.n && !flaws_any(&asking->request->flaws))
                begin(asking, asking->put++);
}

bool asking_begin(struct asking *asking, struct engine_client *a, struct request *request, struct arena *arena) {
        *asking = (struct asking){ .engine_client = a, .request = request, .arena = arena };
        questions_of(&asking->questions, request, arena);
        go_on(asking);
        if (asking->open == 0)
                release_taken(asking);
        return asking->open > 0;
}

void asking_mark_unknown(struct request *request, struct arena *arena) {
        struct questions questions = { 0 };

        questions_of(&questions, request, arena);
        questions_mark_unknown(request, &questions, 0);
}

/* Nobody waits for it any more. */
static void drop_inquiry(struct engine_client *a, struct inquiry *q) {
        if (q->before) {
                q->before->behind = NULL;
        } else {
                docker_cancel(a->docker, &q->get);
                list_remove(&a->inquiries, &q->link);
                put_behind(a, q);
        }
        free(q);
}

void asking_end(struct asking *asking) {
        not_done(asking);
        while (!list_empty(&asking->asks)) {
                struct ask *ask = LIST_ENTRY(asking->asks.first, struct ask, link);
                struct inquiry *inquiry = ask->inquiry;

                unlink_ask(ask);
                if (!inquiry->asks)
                        drop_inquiry(asking->engine_client, inquiry);
                asking->engine_client->trouble = "no answer in time";
                take(asking, ask->question, ANSWER_NONE, nothing);
        }
        /* What a last answer raised, and nobody was asked any more. */
        questions_mark_unknown(asking->request, &asking->questions, asking->put);
        asking->put = asking->questions.n;
        release_taken(asking);
}

/* -- answers -- */

static void tell(struct ask *ask, enum answer answer, struct str json) {
        struct asking *asking = ask->asking;

        unlink_ask(ask);
        if (answer == ANSWER_TOLD)
                take_told(asking, ask->question, json);
        else
                take(asking, ask->question, answer, nothing);
        go_on(asking);
        if (asking->open == 0)
                done(asking);
}

static void take_answer(struct engine_client *a, struct inquiry *inquiry) {
        const struct docker_get *get = &inquiry->get;
        struct str json = text_str(&get->json);

        list_remove(&a->inquiries, &inquiry->link);
        a->trouble = get->answer == ANSWER_NONE ? get->why : NULL;
        if (get->answer == ANSWER_TOLD)
                answer_cache_put(&a->cache, inquiry->kind, inquiry->epoch, get->target, json, inquiry->asked);
        put_behind(a, inquiry);
        while (inquiry->asks)
                tell(inquiry->asks, get->answer, json);
        docker_get_deinit(&inquiry->get);
        free(inquiry);
}

static void take_answers(struct engine_client *a) {
        struct docker_get *get;

        while (a->docker && (get = docker_next(a->docker)))
                take_answer(a, (struct inquiry *)get);
}

struct asking *engine_client_next(struct engine_client *a) {
        struct asking *asking;

        take_answers(a);
        asking = a->done;
        if (!asking)
                return NULL;
        a->done = asking->next;
        release_taken(asking);
        return asking;
}

/* -- the engine -- */

/* Further questions that these raise find nobody to ask. */
static void let_go(struct engine_client *a) {
        struct docker *docker;
        struct docker_get *get;

        if (!a->docker)
                return;
        /* What is not put yet fails with the rest. */
        LIST_FOREACH(at, &a->inquiries)
                put_behind(a, LIST_ENTRY(at, struct inquiry, link));
        docker = TAKE(a->docker);
        docker_fail(docker, "another engine is to be asked");
        while ((get = docker_next(docker)))
                take_answer(a, (struct inquiry *)get);
        docker_free(docker);
        answer_cache_clear(&a->cache);
        /* What was said was said of this one: the next is not "back", and its own trouble is news at once. */
        a->trouble = NULL;
        a->complaint = (struct complaint){ 0 };
}

void engine_client_deinit(struct engine_client *a) {
        let_go(a);
        assert(!a->done);
}

int engine_client_use(struct engine_client *a, struct str socket) {
        if (a->docker ? str_eqz(socket, a->socket) : str_empty(socket))
                return 0;
        let_go(a);
        if (str_empty(socket))
                return 0;
        if (!str_to_z(socket, a->socket, sizeof(a->socket)))
                return -ENAMETOOLONG;
        return docker_new(&a->docker, a->socket);
}

int engine_client_fd(const struct engine_client *a) {
        return a->docker ? docker_fd(a->docker) : -1;
}

int engine_client_timeout(const struct engine_client *a, int64_t now) {
        if (a->done)
                return 0;
        return a->docker ? docker_timeout(a->docker, now) : -1;
}

void engine_client_run(struct engine_client *a, int64_t now) {
        if (a->docker)
                docker_run(a->docker, now);
}

void engine_client_drop(struct engine_client *a, unsigned changes) {
        if (changes)
                answer_cache_drop(&a->cache, changes);
}

enum complaint_news engine_client_news(struct engine_client *a, int64_t now) {
        return complaint_news(&a->complaint, a->trouble, now);
}
