# syntax=docker/dockerfile:1
# Two images: `bot` talks to Discord and has no torch; `engine` has torch with CUDA and can also be the whole product on one
# machine, since the bot starts its engine by itself there (engine.spawn = true).
#
#   docker build -t stylize-bot .                       the whole product
#   docker build -t stylize-bot:slim --target bot .     only the bot, for engines that run elsewhere

FROM python:3.12-slim-bookworm AS base
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN useradd --create-home --uid 10001 stylize && install -d -o stylize /srv/stylize /srv/stylize/data
WORKDIR /app

FROM base AS bot
COPY requirements-bot.lock ./
RUN pip install --no-deps --require-hashes -r requirements-bot.lock
COPY nst_engine ./nst_engine
COPY bot ./bot
ENV PYTHONPATH=/app
USER stylize
WORKDIR /srv/stylize
VOLUME /srv/stylize/data
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run", "--config", "config.toml"]

FROM bot AS engine
USER root
COPY requirements-engine.lock /app/
RUN pip install --no-deps --require-hashes -r /app/requirements-engine.lock
USER stylize
ENTRYPOINT ["python", "-m"]
CMD ["bot", "run", "--config", "config.toml"]
