/* Writes down, in order, what a process asks of the disk below one folder: for replaying it as far as a power cut let it.
   Loaded before libc (LD_PRELOAD). RECORD_UNDER: the folder; RECORD_TO: the log. A record: one letter (w: write, t: truncate,
   s: sync, u: unlink), length of the path, offset, length of the data (8 bytes each, host order), path, data. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int target = -1;

static int concerned(int fd, char *path, size_t room) {
    const char *under = getenv("RECORD_UNDER");
    char link[64];
    if (!under) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, room - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return strncmp(path, under, strlen(under)) == 0;
}

static void put(const void *data, size_t length) {
    const char *rest = data;
    while (length) {
        long done = syscall(SYS_write, target, rest, length);
        if (done <= 0) abort();
        rest += done;
        length -= (size_t)done;
    }
}

/* With the lock held: the order in the log is the order in which it was done. */
static void note(char kind, const char *path, int64_t offset, const void *data, size_t length) {
    int64_t head[3] = {(int64_t)strlen(path), offset, (int64_t)length};
    if (target < 0) target = (int)syscall(SYS_openat, AT_FDCWD, getenv("RECORD_TO"), O_WRONLY | O_CREAT | O_APPEND, 0600);
    put(&kind, 1);
    put(head, sizeof head);
    put(path, strlen(path));
    if (length) put(data, length);
}

#define RECORDED(call, kind, offset, data, length)               \
    char path[4096];                                             \
    if (!concerned(fd, path, sizeof path)) return call;          \
    pthread_mutex_lock(&lock);                                   \
    long done = call;                                            \
    if (done >= 0) note(kind, path, offset, data, length);       \
    pthread_mutex_unlock(&lock);                                 \
    return done;

ssize_t pwrite64(int fd, const void *data, size_t length, off64_t offset) {
    RECORDED(syscall(SYS_pwrite64, fd, data, length, offset), 'w', offset, data, (size_t)done)
}
ssize_t pwrite(int fd, const void *data, size_t length, off_t offset) { return pwrite64(fd, data, length, offset); }
ssize_t write(int fd, const void *data, size_t length) {
    RECORDED(syscall(SYS_write, fd, data, length), 'w', lseek(fd, 0, SEEK_CUR) - done, data, (size_t)done)
}
int ftruncate64(int fd, off64_t length) {
    RECORDED((int)syscall(SYS_ftruncate, fd, length), 't', length, 0, 0)
}
int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }
int fsync(int fd) {
    RECORDED((int)syscall(SYS_fsync, fd), 's', 0, 0, 0)
}
int fdatasync(int fd) { return fsync(fd); }
int unlink(const char *path) {
    const char *under = getenv("RECORD_UNDER");
    long done = syscall(SYS_unlink, path);
    if (done == 0 && under && strncmp(path, under, strlen(under)) == 0) {
        pthread_mutex_lock(&lock);
        note('u', path, 0, 0, 0);
        pthread_mutex_unlock(&lock);
    }
    return (int)done;
}
