/* Preloaded into a writing process: keeps an account of what it writes and what it forces to disk, in order.
   MYO_TRACE is the account, MYO_UNDER the folder that is watched. Each call is noted after it succeeded. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static int account = -1;
static const char *under = "";
static size_t under_length;

__attribute__((constructor)) static void begin(void) {
    const char *file = getenv("MYO_TRACE");
    const char *folder = getenv("MYO_UNDER");
    if (!file || !folder) return;
    int opened = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    account = fcntl(opened, F_DUPFD_CLOEXEC, 800);
    close(opened);
    under = strdup(folder); /* PostgreSQL writes its title over the environment */
    under_length = strlen(folder);
}

static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

#define REAL(name) static __typeof__(name) *call; if (!call) call = real(#name)

/* Each account line: operation, offset, length, a second name or -, name; then the bytes written. */
static void note(char what, const char *name, off_t offset, const char *other, const struct iovec *data, int parts) {
    char line[2 * PATH_MAX + 80];
    struct iovec all[65];
    size_t length = 0;
    if (parts > 64) abort();
    for (int i = 0; i < parts; i++) { all[i + 1] = data[i]; length += data[i].iov_len; }
    all[0].iov_len = snprintf(line, sizeof line, "%c %lld %zu\t%s\t%s\n", what, (long long)offset, length, other, name);
    all[0].iov_base = line;
    if (writev(account, all, parts + 1) < 0) abort();
}

static int watched(const char *name) { return account >= 0 && !strncmp(name, under, under_length); }

static int name_of(int file, char *name) {
    char link[40];
    if (account < 0 || file == account) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, name, PATH_MAX);
    if (length <= 0) return 0;
    name[length] = 0;
    return watched(name);
}

static void wrote(int file, const struct iovec *data, int parts, ssize_t done, off_t offset) {
    char name[PATH_MAX + 1];
    struct iovec cut[64];
    int count = 0;
    if (done <= 0 || parts > 64 || !name_of(file, name)) return;
    for (ssize_t left = done; count < parts && left > 0; left -= cut[count++].iov_len) {
        cut[count] = data[count];
        if ((ssize_t)cut[count].iov_len > left) cut[count].iov_len = left;
    }
    note('W', name, offset, "-", cut, count);
}

ssize_t write(int file, const void *data, size_t length) {
    REAL(write);
    ssize_t done = call(file, data, length);
    struct iovec one = {(void *)data, length};
    char name[PATH_MAX + 1];
    if (done > 0 && name_of(file, name)) wrote(file, &one, 1, done, lseek(file, 0, SEEK_CUR) - done);
    return done;
}

#define PWRITE(name)                                                          \
    ssize_t name(int file, const void *data, size_t length, off_t offset) {   \
        REAL(name);            \
        ssize_t done = call(file, data, length, offset);                      \
        struct iovec one = {(void *)data, length};                            \
        wrote(file, &one, 1, done, offset);                                   \
        return done;                                                          \
    }
PWRITE(pwrite)
PWRITE(pwrite64)

#define PWRITEV(name)                                                         \
    ssize_t name(int file, const struct iovec *data, int parts, off_t offset) { \
        REAL(name);       \
        ssize_t done = call(file, data, parts, offset);                       \
        wrote(file, data, parts, done, offset);                               \
        return done;                                                          \
    }
PWRITEV(pwritev)
PWRITEV(pwritev64)

/* A file "fail" in the watched folder lets the disk fail whenever something is forced to it. */
static int failing(void) {
    char name[PATH_MAX + 8];
    snprintf(name, sizeof name, "%s/fail", under);
    return !access(name, F_OK);
}

#define ON_FILE(name, what)                                                   \
    int name(int file) {                                                      \
        REAL(name);                                                           \
        char path[PATH_MAX + 1];                                              \
        int ours = name_of(file, path);                                       \
        if (ours && failing()) { errno = EIO; return -1; }                    \
        int failed = call(file);                                              \
        if (!failed && ours) note(what, path, 0, "-", NULL, 0);               \
        return failed;                                                        \
    }
ON_FILE(fsync, 'S')
ON_FILE(fdatasync, 'S')

#define LENGTH(name)                                                          \
    int name(int file, off_t length) {                                        \
        REAL(name);                                     \
        int failed = call(file, length);                                      \
        char path[PATH_MAX + 1];                                              \
        if (!failed && name_of(file, path)) note('T', path, length, "-", NULL, 0); \
        return failed;                                                        \
    }
LENGTH(ftruncate)
LENGTH(ftruncate64)

#define ALLOCATE(name)                                                        \
    int name(int file, off_t offset, off_t length) {                          \
        REAL(name);                              \
        int failed = call(file, offset, length);                              \
        char path[PATH_MAX + 1];                                              \
        if (!failed && name_of(file, path)) note('A', path, offset + length, "-", NULL, 0); \
        return failed;                                                        \
    }
ALLOCATE(posix_fallocate)
ALLOCATE(posix_fallocate64)

/* Names may be relative to the working folder. */
static const char *whole(const char *name, char *buffer) {
    if (name[0] == '/' || !getcwd(buffer, PATH_MAX)) return name;
    size_t length = strlen(buffer);
    snprintf(buffer + length, PATH_MAX - length, "/%s", name);
    return buffer;
}

int unlink(const char *name) {
    REAL(unlink);
    char buffer[PATH_MAX + 1];
    int failed = call(name);
    if (!failed && watched(whole(name, buffer))) note('U', whole(name, buffer), 0, "-", NULL, 0);
    return failed;
}

int rename(const char *from, const char *to) {
    REAL(rename);
    char first[PATH_MAX + 1], second[PATH_MAX + 1];
    int failed = call(from, to);
    if (!failed && watched(whole(to, second))) note('R', whole(to, second), 0, whole(from, first), NULL, 0);
    return failed;
}
