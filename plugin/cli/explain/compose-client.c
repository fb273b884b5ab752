#include "compose-client.h"
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

extern char **environ;

/* "services:" at the beginning of a line, where only keys of the top stand. */
bool compose_file_is(const char *path, struct str text) {
        struct str name = str_from(path);

        if (!str_ends(name, STR_C(".yaml")) && !str_ends(name, STR_C(".yml")))
                return false;
        while (text.p) {
                struct str line = str_cut(&text, '\n'), key = str_cut(&line, ':');

                if (line.p && (str_eqz(key, "services") || str_eqz(key, "\"services\"") || str_eqz(key, "'services'")))
                        return true;
        }
        return false;
}

/* Whether it says which version it is. */
static bool is_there(const char *const *argv) {
        posix_spawn_file_actions_t actions;
        int status = -1;
        pid_t pid;

        if (posix_spawn_file_actions_init(&actions) != 0)
                return false;
        (void)posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        (void)posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
        (void)posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
        if (posix_spawnp(&pid, argv[0], &actions, NULL, (char *const *)(uintptr_t)argv, environ) == 0)
                while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
                }
        (void)posix_spawn_file_actions_destroy(&actions);
        return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int compose_client(char ***out, struct arena *arena, const char *path) {
        static const char *const plugin[] = { "docker", "compose", "version", NULL };
        static const char *const program[] = { "docker-compose", "version", NULL };
        /* Images are taken to be there, so there is nothing to build. */
        const char *const command[] = { "-f", path, "up", "--no-start", "--no-build" };
        const char *const *found = is_there(plugin) ? plugin : is_there(program) ? program : NULL;
        char **argv;
        size_t n = 0;

        if (!found)
                return -ENOENT;
        argv = ARENA_ARRAY(arena, char *, ARRAY_SIZE(plugin) + ARRAY_SIZE(command));
        if (!argv)
                return -ENOMEM;
        while (strcmp(found[n], "version") != 0) {
                argv[n] = (char *)(uintptr_t)found[n];
                ++n;
        }
        for (size_t i = 0; i < ARRAY_SIZE(command); ++i)
                argv[n++] = (char *)(uintptr_t)command[i];
        *out = argv;
        return 0;
}
