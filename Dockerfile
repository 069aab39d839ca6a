# syntax=docker/dockerfile:1
# Two images: `bot` talks to Discord and has no torch; `engine` has torch with CUDA and can also be the whole product on one
# machine, since the bot starts its engine by itself there (engine.spawn = true).
#
#   docker build -t stylize-bot .                       the whole product
#   docker build -t stylize-bot:slim --target bot .     only the bot, for engines that run elsewhere
#
# compose.yaml runs the two side by side; docs/operate.md says how, and how the base image is brought up to date.

ARG PYTHON_IMAGE=python:3.12.14-slim-bookworm@sha256:392307d22300de8b5986851a12d9176dfc0fc073e65bf6523ebd7dcbeb23564e
FROM ${PYTHON_IMAGE} AS base
ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_ROOT_USER_ACTION=ignore
RUN groupadd --gid 10001 stylize \
    && useradd --no-log-init --create-home --uid 10001 --gid stylize stylize \
    && install -d -o stylize -g stylize -m 0750 /srv/stylize /srv/stylize/data
WORKDIR /app

FROM base AS bot
# Names on the podium of a challenge, in any script.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends fonts-dejavu-core fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/*
COPY requirements-bot.lock ./
RUN pip install --no-deps --require-hashes -r requirements-bot.lock
COPY nst_engine ./nst_engine
COPY bot ./bot
# The image is read-only for its user, so nothing would be compiled later: a health check starts in half the time.
RUN python -m compileall -q /app
ENV PYTHONPATH=/app
USER stylize
WORKDIR /srv/stylize
VOLUME /srv/stylize/data
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
    CMD ["python", "-m", "bot", "health", "--config", "config.toml"]
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run", "--config", "config.toml"]

FROM bot AS engine
USER root
COPY requirements-engine.lock /app/
RUN pip install --no-deps --require-hashes -r /app/requirements-engine.lock
# NVIDIA's container runtime shows a container no more than it asks for; weights = "torchvision" is kept with the data.
ENV NVIDIA_VISIBLE_DEVICES=all \
    NVIDIA_DRIVER_CAPABILITIES=compute,utility \
    TORCH_HOME=/srv/stylize/data/torch
USER stylize
# The bot's own check, which asks for its engine, too, where it has one; longer, because the network is loaded first.
HEALTHCHECK --interval=30s --timeout=10s --start-period=180s --retries=3 \
    CMD ["python", "-m", "bot", "health", "--config", "config.toml"]
ENTRYPOINT ["python", "-m"]
CMD ["bot", "run", "--config", "config.toml"]
