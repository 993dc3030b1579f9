# The server without the tree it is built from, on an image that holds Node and nothing else. Both images can be taken from a mirror.
ARG NODE_IMAGE=node:24-trixie-slim
ARG RUNTIME_IMAGE=gcr.io/distroless/nodejs24-debian13:nonroot

FROM ${NODE_IMAGE} AS build
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build:node

FROM ${RUNTIME_IMAGE}
COPY --from=build --chown=0:0 --chmod=0755 /src/build/node /podgraft
USER 65532:65532
ENV NODE_ENV=production
EXPOSE 8443 9464
ENTRYPOINT ["/nodejs/bin/node", "--enable-source-maps", "/podgraft/podgraft-server.mjs"]
