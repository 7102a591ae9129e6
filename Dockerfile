# Shoal as an image: the one program that is server, peer and every command.
#
# Written where no Docker engine ran: never built by one. Its steps, its ENTRYPOINT and its HEALTHCHECK were run as plain processes of an
# unprivileged user, and cli/container.process.ts runs the last two on every `npm test`.
#
#   docker build -t shoal .
#   docker run --rm shoal --help
#
# Debian and not Alpine: the prebuilt WebRTC library is tried with glibc.

FROM node:22-slim AS build
WORKDIR /opt/shoal
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build && rm -r dist/node

FROM node:22-slim AS packages
WORKDIR /opt/shoal
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund

FROM node:22-slim
WORKDIR /opt/shoal
COPY --from=packages /opt/shoal/node_modules node_modules
COPY --from=build /opt/shoal/dist dist
COPY package.json ./
COPY cli/shoal.mjs cli/shoal.mjs
# The image's own user without rights; a new volume takes owner and mode of the folder that it covers.
RUN install -d -m 700 -o node -g node /var/lib/shoal
USER node
ENV NODE_ENV=production SHOAL_HOME=/var/lib/shoal
VOLUME /var/lib/shoal
ENTRYPOINT ["node", "/opt/shoal/cli/shoal.mjs"]
CMD ["peer"]
# Of a peer; compose.yaml has another one for the server. Status 3 when none runs in SHOAL_HOME.
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s CMD ["node", "/opt/shoal/cli/shoal.mjs", "status"]
STOPSIGNAL SIGTERM
