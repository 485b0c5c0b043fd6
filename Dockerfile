# docker build -t bardcast .
# docker run -it -p 8080:8080 -v bardcast:/campaign bardcast --public-url http://192.168.1.7:8080
FROM node:24-slim AS build
WORKDIR /bardcast
COPY . .
# What tests and checks need is left out; esbuild goes again when it has built.
# Packages for NATS are of one's own choosing elsewhere; an image is to serve with others as it stands.
RUN npm ci --omit=dev --no-audit --no-fund \
 && npm install --prefix /nats --no-audit --no-fund $(node -p "Object.entries(require('./package.json').peerDependencies).filter(([name]) => name.startsWith('@nats-io/')).map((each) => each.join('@')).join(' ')") \
 && rm /nats/node_modules/.package-lock.json && cp -r /nats/node_modules/. node_modules/ \
 && node scripts/build-clone.js \
 && rm -r node_modules/esbuild node_modules/@esbuild node_modules/bardcast-scripts node_modules/bardcast-site \
 && mv node_modules/.cache/bardcast /app \
 && node scripts/notices.js > /app/THIRD-PARTY-NOTICES \
 && mv node_modules LICENSE /app/

FROM node:24-slim
# Bardcast is MIT; what it speaks with is not: THIRD-PARTY-NOTICES has the texts, /usr/share/common-licenses those of
# the GPL and the LGPL.
LABEL org.opencontainers.image.title="Bardcast" \
      org.opencontainers.image.licenses="MIT AND GPL-3.0-only AND BSD-4-Clause AND LGPL-2.1-only AND Apache-2.0"
COPY --from=build /app /app
RUN mkdir /campaign && chown node /campaign
USER node
# Voices that are installed outlast the container as well.
ENV BARDCAST_VOICES_DIR=/campaign/voices
VOLUME /campaign
EXPOSE 8080
HEALTHCHECK --interval=30s CMD ["node", "-e", "fetch('http://127.0.0.1:8080/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
WORKDIR /
ENTRYPOINT ["node", "/app/src/cli/main.js"]
