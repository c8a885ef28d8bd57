/* Loaded before the C library (LD_PRELOAD), this makes the disk full for a
 * program: while the file that LINLI_FULL_DISK names exists, no regular file can
 * grow. What has its room already can be written over, as on a real disk. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static int grows(int fd, off_t end) {
	const char *flag = getenv("LINLI_FULL_DISK");
	struct stat file;
	return flag && access(flag, F_OK) == 0 && fstat(fd, &file) == 0 && S_ISREG(file.st_mode) && end > file.st_size;
}

/* at is where the next write to fd goes. */
static off_t at(int fd) {
	struct stat file;
	if (fcntl(fd, F_GETFL) & O_APPEND) {
		return fstat(fd, &file) == 0 ? file.st_size : 0;
	}
	return lseek(fd, 0, SEEK_CUR);
}

static off_t length(const struct iovec *parts, int n) {
	off_t sum = 0;
	for (int i = 0; i < n; i++) {
		sum += parts[i].iov_len;
	}
	return sum;
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define REFUSE_IF(full) \
	do { \
		if (full) { \
			errno = ENOSPC; \
			return -1; \
		} \
	} while (0)

ssize_t write(int fd, const void *data, size_t n) {
	REFUSE_IF(grows(fd, at(fd) + n));
	return NEXT(write)(fd, data, n);
}

ssize_t writev(int fd, const struct iovec *parts, int n) {
	REFUSE_IF(grows(fd, at(fd) + length(parts, n)));
	return NEXT(writev)(fd, parts, n);
}

ssize_t pwrite(int fd, const void *data, size_t n, off_t offset) {
	REFUSE_IF(grows(fd, offset + n));
	return NEXT(pwrite)(fd, data, n, offset);
}

ssize_t pwrite64(int fd, const void *data, size_t n, off64_t offset) {
	REFUSE_IF(grows(fd, offset + n));
	return NEXT(pwrite64)(fd, data, n, offset);
}

ssize_t pwritev(int fd, const struct iovec *parts, int n, off_t offset) {
	REFUSE_IF(grows(fd, offset + length(parts, n)));
	return NEXT(pwritev)(fd, parts, n, offset);
}

ssize_t pwritev64(int fd, const struct iovec *parts, int n, off64_t offset) {
	REFUSE_IF(grows(fd, offset + length(parts, n)));
	return NEXT(pwritev64)(fd, parts, n, offset);
}

/* These give the error itself. */
int posix_fallocate(int fd, off_t offset, off_t n) {
	return grows(fd, offset + n) ? ENOSPC : NEXT(posix_fallocate)(fd, offset, n);
}

int posix_fallocate64(int fd, off64_t offset, off64_t n) {
	return grows(fd, offset + n) ? ENOSPC : NEXT(posix_fallocate64)(fd, offset, n);
}

int fallocate(int fd, int mode, off_t offset, off_t n) {
	REFUSE_IF(grows(fd, offset + n));
	return NEXT(fallocate)(fd, mode, offset, n);
}

int fallocate64(int fd, int mode, off64_t offset, off64_t n) {
	REFUSE_IF(grows(fd, offset + n));
	return NEXT(fallocate64)(fd, mode, offset, n);
}
