/*
** files_windows.c: files by Windows; see files.h. Names are UTF-8 and are converted to UTF-16 here. A handle fits into an
** int: Windows keeps handles within 32 bits, so that programs of 32 and of 64 bits can share them.
*/
#include "core/system/system.h"

#include "core/system/files.h"

#if defined(SYSTEM_FILES_WINDOWS)

#include "core/system/windows.h"

#include <errno.h>
#include <psapi.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#define PATH_UNITS 4096 /* UTF-16 units of a path, with its end */
#define SUFFIX_UNITS 48 /* characters of ".dynarray-PID-TRY" */
#define NAME_UNITS 200  /* characters of a name before the suffix: file systems allow 255 in all */
#define TRIES 100       /* this many names are tried, as others may have taken some */
#define TRANSFER_BYTES ((size_t)1 << 30) /* bytes for one call, which takes 32 bits */

/* The errno that means the same as the error of the last call. */
static int last_code(void) {
    static const struct {
        DWORD error;
        int code;
    } codes[] = {
        {ERROR_FILE_NOT_FOUND, ENOENT},
        {ERROR_PATH_NOT_FOUND, ENOENT},
        {ERROR_INVALID_NAME, ENOENT},
        {ERROR_BAD_PATHNAME, ENOENT},
        {ERROR_ACCESS_DENIED, EACCES},
        {ERROR_WRITE_PROTECT, EROFS},
        {ERROR_SHARING_VIOLATION, EBUSY},
        {ERROR_LOCK_VIOLATION, EBUSY},
        {ERROR_USER_MAPPED_FILE, EBUSY},
        {ERROR_FILE_EXISTS, EEXIST},
        {ERROR_ALREADY_EXISTS, EEXIST},
        {ERROR_DISK_FULL, ENOSPC},
        {ERROR_HANDLE_DISK_FULL, ENOSPC},
        {ERROR_FILENAME_EXCED_RANGE, ENAMETOOLONG},
        {ERROR_TOO_MANY_OPEN_FILES, EMFILE},
        {ERROR_NOT_ENOUGH_MEMORY, ENOMEM},
        {ERROR_OUTOFMEMORY, ENOMEM},
        {ERROR_COMMITMENT_LIMIT, ENOMEM},
        {ERROR_NO_UNICODE_TRANSLATION, EILSEQ},
    };
    const DWORD error = GetLastError();
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (codes[i].error == error) return codes[i].code;
    return EIO;
}

static bool fail(files_error *error) { return files_fail(error, last_code()); }

static HANDLE handle_of(int descriptor) { return (HANDLE)(intptr_t)descriptor; }

static bool wide_path(const char *path, WCHAR *wide, files_error *error) {
    if (MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, path, -1, wide, PATH_UNITS) > 0)
        return true;
    return GetLastError() == ERROR_INSUFFICIENT_BUFFER ? files_fail(error, ENAMETOOLONG)
                                                       : fail(error);
}

/* ---------------------------------------------------------------------------------------------
** Reading
*/

bool files_open(int *descriptor, const char *path, bool writable, uint64_t *bytes,
                files_error *error) {
    WCHAR wide[PATH_UNITS];
    LARGE_INTEGER size;
    DWORD attributes;
    HANDLE handle;
    *descriptor = -1;
    if (!wide_path(path, wide, error)) return false;
    attributes = GetFileAttributesW(wide);
    if (attributes == INVALID_FILE_ATTRIBUTES) return fail(error);
    if ((attributes & FILE_ATTRIBUTE_DIRECTORY) != 0) return files_fail(error, EISDIR);
    handle = CreateFileW(wide, writable ? GENERIC_READ | GENERIC_WRITE : GENERIC_READ,
                         FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                         OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL);
    if (handle == INVALID_HANDLE_VALUE) return fail(error);
    *descriptor = (int)(intptr_t)handle;
    if (GetFileType(handle) != FILE_TYPE_DISK) {
        files_close(descriptor);
        return files_fail_saying(error, FILES_NOT_REGULAR);
    }
    if (!GetFileSizeEx(handle, &size)) {
        fail(error);
        files_close(descriptor);
        return false;
    }
    *bytes = (uint64_t)size.QuadPart;
    return true;
}

void files_close(int *descriptor) {
    if (*descriptor >= 0) CloseHandle(handle_of(*descriptor));
    *descriptor = -1; /* the number may soon belong to another file */
}

bool files_identify(int descriptor, files_identity *identity, files_error *error) {
    BY_HANDLE_FILE_INFORMATION known;
    if (!GetFileInformationByHandle(handle_of(descriptor), &known)) return fail(error);
    identity->device = known.dwVolumeSerialNumber;
    identity->number = (uint64_t)known.nFileIndexHigh << 32 | known.nFileIndexLow;
    return true;
}

bool files_read(int descriptor, uint64_t offset, void *buffer, size_t *n, files_error *error) {
    size_t done = 0;
    while (done < *n) {
        const size_t rest = *n - done;
        const uint64_t at = offset + done;
        OVERLAPPED place = {0};
        DWORD got = 0;
        place.Offset = (DWORD)at;
        place.OffsetHigh = (DWORD)(at >> 32);
        if (!ReadFile(handle_of(descriptor), (char *)buffer + done,
                      (DWORD)(rest < TRANSFER_BYTES ? rest : TRANSFER_BYTES), &got, &place) &&
            GetLastError() != ERROR_HANDLE_EOF)
            return fail(error);
        if (got == 0) break;
        done += got;
    }
    *n = done;
    return true;
}

/* ---------------------------------------------------------------------------------------------
** Mapping
*/

bool files_fill_holes(int descriptor, uint64_t from, uint64_t to, files_error *error) {
    (void)descriptor, (void)from, (void)to, (void)error;
    return true;
}

void *files_map(int descriptor, size_t bytes, bool writable, files_error *error) {
    HANDLE section = CreateFileMappingW(handle_of(descriptor), NULL,
                                        writable ? PAGE_READWRITE : PAGE_READONLY, 0, 0, NULL);
    void *mapping;
    if (section == NULL) {
        fail(error);
        return NULL;
    }
    mapping = MapViewOfFile(section, writable ? FILE_MAP_READ | FILE_MAP_WRITE : FILE_MAP_READ, 0,
                            0, bytes);
    if (mapping == NULL) fail(error);
    CloseHandle(section); /* the view keeps it */
    return mapping;
}

/*
** FlushViewOfFile hands the pages to the file. To bring the file to the disk takes a handle, which is opened by the name
** that the system has for the mapping. If that fails, the system writes the pages some time later.
*/
bool files_flush(void *mapping, size_t bytes, files_error *error) {
    static const WCHAR root[] = L"\\\\?\\GLOBALROOT";
    WCHAR name[PATH_UNITS];
    const size_t root_units = sizeof root / sizeof *root - 1;
    HANDLE handle;
    bool done;
    if (!FlushViewOfFile(mapping, bytes)) return fail(error);
    memcpy(name, root, sizeof root);
    if (K32GetMappedFileNameW(GetCurrentProcess(), mapping, name + root_units,
                              (DWORD)(PATH_UNITS - root_units)) == 0)
        return true;
    handle =
        CreateFileW(name, GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                    NULL, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL);
    if (handle == INVALID_HANDLE_VALUE) return true;
    done = FlushFileBuffers(handle) || fail(error);
    CloseHandle(handle);
    return done;
}

void files_unmap(void *mapping, size_t bytes) {
    (void)bytes;
    UnmapViewOfFile(mapping);
}

/* ---------------------------------------------------------------------------------------------
** Saving
*/

static bool write_all(HANDLE handle, const void *buffer, size_t n) {
    size_t done = 0;
    while (done < n) {
        const size_t rest = n - done;
        DWORD put = 0;
        if (!WriteFile(handle, (const char *)buffer + done,
                       (DWORD)(rest < TRANSFER_BYTES ? rest : TRANSFER_BYTES), &put, NULL))
            return false;
        done += put;
    }
    return true;
}

static bool write_parts(HANDLE handle, files_source source, void *data) {
    files_part part;
    for (size_t i = 0; source(data, i, &part); i++)
        if (!write_all(handle, part.data, part.bytes)) return false;
    return FlushFileBuffers(handle) != 0;
}

/* Where in the path the name of the file begins. */
static size_t directory_units(const WCHAR *path) {
    size_t units = 0;
    for (size_t i = 0; path[i] != 0; i++)
        if (path[i] == L'/' || path[i] == L'\\' || path[i] == L':') units = i + 1;
    return units;
}

/* Makes a new file beside `path` and puts its name into `name`. Nobody else can open it until it is whole. */
static HANDLE create_beside(const WCHAR *path, WCHAR *name) {
    const size_t directory = directory_units(path);
    size_t units = wcslen(path);
    HANDLE handle = INVALID_HANDLE_VALUE;
    if (units > directory + NAME_UNITS) units = directory + NAME_UNITS;
    if (units > directory && path[units - 1] >= 0xD800 && path[units - 1] < 0xDC00)
        units--; /* it is the first half of a character */
    memcpy(name, path, units * sizeof *path);
    for (int i = 0; i < TRIES; i++) {
        LARGE_INTEGER now;
        QueryPerformanceCounter(&now);
        swprintf(name + units, SUFFIX_UNITS, L".dynarray-%lu-%lu",
                 (unsigned long)GetCurrentProcessId(),
                 (unsigned long)(now.QuadPart + i) & 0xffffff);
        handle = CreateFileW(name, GENERIC_WRITE, 0, NULL, CREATE_NEW, FILE_ATTRIBUTE_NORMAL, NULL);
        if (handle != INVALID_HANDLE_VALUE || GetLastError() != ERROR_FILE_EXISTS) break;
    }
    return handle;
}

/* The path of the file at the end of all links, where the new file is to be. */
static bool resolve(WCHAR *path, files_error *error) {
    HANDLE handle = CreateFileW(path, 0, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                                NULL, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL);
    DWORD units = 0;
    bool regular;
    if (handle == INVALID_HANDLE_VALUE) return fail(error);
    regular = GetFileType(handle) == FILE_TYPE_DISK;
    if (regular) units = GetFinalPathNameByHandleW(handle, path, PATH_UNITS, FILE_NAME_NORMALIZED);
    if (regular && units == 0) fail(error);
    CloseHandle(handle);
    if (!regular) return files_fail_saying(error, FILES_NOT_REGULAR);
    return units < PATH_UNITS ? units > 0 : files_fail(error, ENAMETOOLONG);
}

bool files_replace(const char *path, files_source source, void *data, files_error *error) {
    WCHAR target[PATH_UNITS], name[PATH_UNITS + SUFFIX_UNITS];
    DWORD attributes;
    HANDLE handle;
    bool done;
    if (!wide_path(path, target, error)) return false;
    attributes = GetFileAttributesW(target);
    if (attributes != INVALID_FILE_ATTRIBUTES) {
        if ((attributes & FILE_ATTRIBUTE_DIRECTORY) != 0) return files_fail(error, EISDIR);
        if (!resolve(target, error)) return false;
    } else if (GetLastError() != ERROR_FILE_NOT_FOUND) {
        return fail(error);
    }
    handle = create_beside(target, name);
    if (handle == INVALID_HANDLE_VALUE) return fail(error);
    done = write_parts(handle, source, data) || fail(error);
    CloseHandle(handle);
    if (done && !MoveFileExW(name, target, MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH))
        done = fail(error);
    if (!done) DeleteFileW(name);
    return done;
}

#endif
