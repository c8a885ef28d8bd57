# The production image: the linli command alone, for serve, worker, migrate and
# the offline commands. "linli dev" needs PostgreSQL's server programs, which are
# not in here.
FROM golang:1.26.8-trixie AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
COPY . .
# H3 is C, so cgo is on and the image below must have the same glibc or a newer one.
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=1 go build -trimpath -ldflags='-s -w' -o /out/linli ./cmd/linli

FROM debian:13.3-slim
# Certificates come from the build image, so that building needs no package mirror.
# Time zones are inside the program.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /out/linli /usr/local/bin/linli
COPY deploy/ready /usr/local/bin/ready
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin linli
USER 10001:10001
EXPOSE 8080
ENTRYPOINT ["linli"]
CMD ["--help"]
