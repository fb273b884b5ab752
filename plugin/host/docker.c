/*
 * libcurl says which sockets it waits for and when it wants to be called; an epoll descriptor of our own holds the
 * sockets, so that the server's loop has one thing to poll. Over a Unix socket nothing is resolved, so no thread and no
 * name service is ever asked.
 *
 * There is an easy handle a connection and no more: what has no handle yet is a few bytes in a list of ours, while a
 * handle in curl's own queue costs as many kilobytes, and a requester can make us ask thousands of questions.
 */
#include "docksill/host/docker.h"
#include "docksill/base/clock.h"
#include <assert.h>
#include <curl/curl.h>
#include <errno.h>
#include <sys/epoll.h>

/* curl's buffer for what it receives; an answer is mostly as small. */
#define BUFFER (8 * 1024)

#define EVENTS 32

/* Bytes of an answer's headers, those of any "100 Continue" before it among them; dockerd's are a few hundred. */
#define HEAD_MOST (64u * 1024)

/* A handle, and what it is at. */
struct docker_slot {
        struct docker *docker;
        CURL *easy; /* NULL: not made yet */
        struct docker_get *get;
        size_t head; /* bytes of its answer's headers so far */
};

struct docker {
        CURLM *multi;
        int epoll;
        int64_t due; /* clock_monotonic() when curl wants to be called; -1: never */
        struct docker_slot slots[DOCKER_CONNECTIONS];
        struct list queued, done; /* of docker_get */
        char socket[DOCKER_SOCKET_MAX];
};

bool docker_built(void) {
        return true;
}

/* -- lists -- */

static void append(struct list *list, struct docker_get *get) {
        get->in = list;
        list_append(list, &get->link);
}

static struct docker_get *first(const struct list *list) {
        return list->first ? LIST_ENTRY(list->first, struct docker_get, link) : NULL;
}

static struct docker_get *take_out(struct docker_get *get) {
        list_remove(TAKE(get->in), &get->link);
        return get;
}

/* -- what curl calls -- */

static int on_socket(CURL *easy unused_, curl_socket_t fd, int what, void *closure, void *known) {
        struct docker *d = closure;
        struct epoll_event event = { .data.fd = fd };

        if (what == CURL_POLL_REMOVE) {
                (void)epoll_ctl(d->epoll, EPOLL_CTL_DEL, fd, NULL);
                (void)curl_multi_assign(d->multi, fd, NULL);
                return 0;
        }
        if (what & CURL_POLL_IN)
                event.events |= EPOLLIN;
        if (what & CURL_POLL_OUT)
                event.events |= EPOLLOUT;
        if (epoll_ctl(d->epoll, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &event) < 0)
                return -1; /* it fails, and is told so */
        (void)curl_multi_assign(d->multi, fd, d);
        return 0;
}

static int on_timer(CURLM *multi unused_, long milliseconds, void *closure) {
        struct docker *d = closure;

        d->due = milliseconds < 0 ? -1 : clock_monotonic() + milliseconds * 1000;
        return 0;
}

/* An answer that is too large, or that there is no memory for, ends here. */
static size_t on_piece(char *piece, size_t size, size_t n, void *closure) {
        struct docker_slot *slot = closure;
        struct text *json = &slot->get->json;

        text_add(json, (struct str){ piece, size * n });
        return json->failed ? 0 : size * n;
}

/* An engine that never comes to its answer must not keep us reading. */
static size_t on_header(char *line unused_, size_t size, size_t n, void *closure) {
        struct docker_slot *slot = closure;

        slot->head += size * n;
        return slot->head > HEAD_MOST ? 0 : size * n;
}

/* -- a handle -- */

static bool set_up(struct docker_slot *slot) {
        CURL *easy = slot->easy;

        /* Whatever the environment says: no proxy, no credentials, no other protocol, no signal, and what is asked is
         * asked as it is written. */
        return curl_easy_setopt(easy, CURLOPT_UNIX_SOCKET_PATH, slot->docker->socket) == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http") == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_PROXY, "") == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_NOPROXY, "*") == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L) == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, (long)BUFFER) == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_MAXFILESIZE, (long)DOCKER_ANSWER_MAX) == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_USERAGENT, "docksill/" DOCKSILL_VERSION) == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_piece) == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_WRITEDATA, slot) == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header) == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_HEADERDATA, slot) == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_PRIVATE, slot) == CURLE_OK;
}

static bool handle_make(struct docker_slot *slot) {
        if (slot->easy)
                return true;
        slot->easy = curl_easy_init();
        if (slot->easy && set_up(slot))
                return true;
        curl_easy_cleanup(slot->easy);
        slot->easy = NULL;
        return false;
}

/* The host's name is for the HTTP header alone. */
static bool set_target(struct docker_slot *slot, struct str target) {
        cleanup_(text_deinit) struct text url;

        text_init(&url);
        text_addz(&url, "http://docker");
        text_add(&url, target);
        return !url.failed && curl_easy_setopt(slot->easy, CURLOPT_URL, url.p) == CURLE_OK;
}

static void finish(struct docker *d, struct docker_get *get, enum answer answer, const char *why) {
        get->answer = answer;
        get->why = why;
        if (answer != ANSWER_TOLD)
                text_deinit(&get->json);
        append(&d->done, get);
}

static bool begin(struct docker_slot *slot, struct docker_get *get) {
        if (!handle_make(slot) || !set_target(slot, get->target) ||
            curl_multi_add_handle(slot->docker->multi, slot->easy) != CURLM_OK)
                return false;
        slot->get = get;
        slot->head = 0;
        get->slot = slot;
        return true;
}

static struct docker_get *end(struct docker_slot *slot) {
        struct docker_get *get = TAKE(slot->get);

        (void)curl_multi_remove_handle(slot->docker->multi, slot->easy);
        get->slot = NULL;
        return get;
}

static void begin_queued(struct docker *d) {
        struct docker_get *get;

        for (size_t i = 0; i < DOCKER_CONNECTIONS && (get = first(&d->queued)); ++i) {
                if (d->slots[i].get)
                        continue;
                (void)take_out(get);
                if (!begin(&d->slots[i], get))
                        finish(d, get, ANSWER_NONE, "no memory");
        }
}

static void fail_queued(struct docker *d, const char *why) {
        struct docker_get *get;

        while ((get = first(&d->queued)))
                finish(d, take_out(get), ANSWER_NONE, why);
}

/* An engine whose older store keeps the images has no attestations, and says so (moby
 * daemon/images/image_attestations.go).
 */
static bool has_none(const struct docker_get *get, long status) {
        return status == 404 || (status == 501 && str_starts(get->target, STR_C("/images/")) &&
                                 str_ends(get->target, STR_C("/attestations")));
}

/* Nothing but 200 tells, and nothing but 404 says that there is none. */
static void conclude(struct docker *d, struct docker_slot *slot, CURLcode code) {
        struct docker_get *get;
        long status = 0;

        (void)curl_easy_getinfo(slot->easy, CURLINFO_RESPONSE_CODE, &status);
        get = end(slot);
        if (code == CURLE_WRITE_ERROR || code == CURLE_FILESIZE_EXCEEDED)
                finish(d, get, status == 200 ? ANSWER_LARGE : ANSWER_NONE, "the answer is too large");
        else if (code != CURLE_OK)
                finish(d, get, ANSWER_NONE, curl_easy_strerror(code));
        else if (status == 200)
                finish(d, get, ANSWER_TOLD, NULL);
        else if (has_none(get, status))
                finish(d, get, ANSWER_MISSING, NULL);
        else
                finish(d, get, ANSWER_NONE, "the answer is no success");
        /* Nobody listens: those in the queue would only hear the same. */
        if (code == CURLE_COULDNT_CONNECT)
                fail_queued(d, get->why);
}

/* Says whether anything was concluded. */
static bool take_finished(struct docker *d) {
        bool any = false;
        CURLMsg *message;
        int more;

        while ((message = curl_multi_info_read(d->multi, &more))) {
                struct docker_slot *slot = NULL;
                CURLcode code = message->data.result;

                if (message->msg != CURLMSG_DONE ||
                    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &slot) != CURLE_OK)
                        continue;
                conclude(d, slot, code);
                any = true;
        }
        return any;
}

/* -- the client -- */

static bool multi_make(struct docker *d) {
        d->multi = curl_multi_init();
        return d->multi && curl_multi_setopt(d->multi, CURLMOPT_SOCKETFUNCTION, on_socket) == CURLM_OK &&
               curl_multi_setopt(d->multi, CURLMOPT_SOCKETDATA, d) == CURLM_OK &&
               curl_multi_setopt(d->multi, CURLMOPT_TIMERFUNCTION, on_timer) == CURLM_OK &&
               curl_multi_setopt(d->multi, CURLMOPT_TIMERDATA, d) == CURLM_OK &&
               curl_multi_setopt(d->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)DOCKER_CONNECTIONS) == CURLM_OK &&
               curl_multi_setopt(d->multi, CURLMOPT_MAXCONNECTS, (long)DOCKER_CONNECTIONS) == CURLM_OK;
}

int docker_new(struct docker **out, const char *socket) {
        cleanup_(docker_freep) struct docker *d = NULL;
        size_t n = strlen(socket);

        assert(n < DOCKER_SOCKET_MAX && socket[0] == '/');
        /* Without TLS and the rest: nothing but HTTP is spoken. It counts, and is for the whole process. */
        if (curl_global_init(CURL_GLOBAL_NOTHING) != CURLE_OK)
                return -ENOMEM;
        d = calloc(1, sizeof(*d));
        if (!d) {
                curl_global_cleanup();
                return -ENOMEM;
        }
        d->due = -1;
        memcpy(d->socket, socket, n + 1);
        for (size_t i = 0; i < DOCKER_CONNECTIONS; ++i)
                d->slots[i].docker = d;
        d->epoll = epoll_create1(EPOLL_CLOEXEC);
        if (d->epoll < 0)
                return -errno;
        if (!multi_make(d))
                return -ENOMEM;
        *out = TAKE(d);
        return 0;
}

void docker_free(struct docker *d) {
        if (!d)
                return;
        assert(list_empty(&d->queued) && list_empty(&d->done));
        for (size_t i = 0; i < DOCKER_CONNECTIONS; ++i) {
                assert(!d->slots[i].get);
                curl_easy_cleanup(d->slots[i].easy);
        }
        (void)curl_multi_cleanup(d->multi); /* takes idle connections out of epoll */
        if (d->epoll >= 0)
                close(d->epoll);
        free(d);
        curl_global_cleanup();
}

int docker_fd(const struct docker *d) {
        return d->epoll;
}

int docker_timeout(const struct docker *d, int64_t now) {
        if (!list_empty(&d->done))
                return 0;
        if (d->due < 0)
                return -1;
        if (d->due <= now)
                return 0;
        return d->due - now > INT32_MAX ? INT32_MAX : (int)((d->due - now + 999) / 1000);
}

static void serve_sockets(struct docker *d) {
        struct epoll_event events[EVENTS];
        int n = epoll_wait(d->epoll, events, EVENTS, 0), running;

        for (int i = 0; i < n; ++i) {
                int what = 0;

                if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))
                        what |= CURL_CSELECT_IN;
                if (events[i].events & EPOLLOUT)
                        what |= CURL_CSELECT_OUT;
                (void)curl_multi_socket_action(d->multi, events[i].data.fd, what, &running);
        }
}

/* curl sets the next time itself, when it is called for this one. */
static void serve_timer(struct docker *d, int64_t now) {
        int running;

        if (d->due < 0 || d->due > now)
                return;
        d->due = -1;
        (void)curl_multi_socket_action(d->multi, CURL_SOCKET_TIMEOUT, 0, &running);
}

void docker_run(struct docker *d, int64_t now) {
        serve_sockets(d);
        serve_timer(d, now);
        if (take_finished(d))
                begin_queued(d);
}

void docker_ask(struct docker *d, struct docker_get *get) {
        get->slot = NULL;
        text_init(&get->json);
        get->json.cap = DOCKER_ANSWER_MAX;
        if (get->target.n > DOCKER_TARGET_MAX) {
                finish(d, get, ANSWER_NONE, "the question is too long");
                return;
        }
        append(&d->queued, get);
        begin_queued(d);
}

struct docker_get *docker_next(struct docker *d) {
        struct docker_get *get = first(&d->done);

        return get ? take_out(get) : NULL;
}

void docker_cancel(struct docker *d, struct docker_get *get) {
        if (get->slot) {
                (void)end(get->slot);
                begin_queued(d);
        } else if (get->in) {
                (void)take_out(get);
        }
        docker_get_deinit(get);
}

void docker_fail(struct docker *d, const char *why) {
        fail_queued(d, why);
        for (size_t i = 0; i < DOCKER_CONNECTIONS; ++i)
                if (d->slots[i].get)
                        finish(d, end(&d->slots[i]), ANSWER_NONE, why);
}

void docker_get_deinit(struct docker_get *get) {
        text_deinit(&get->json);
}
