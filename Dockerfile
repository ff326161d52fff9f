# Comeback in a container: `docker compose up -d` (README, "Run it for real").
FROM python:3.13-slim AS build
RUN pip install --no-cache-dir uv==0.13.9
WORKDIR /app
COPY pyproject.toml uv.lock README.md LICENSE ./
COPY bot bot
COPY cogs cogs
COPY migrations migrations
RUN uv sync --locked --no-editable

FROM python:3.13-slim
RUN useradd --create-home --uid 10001 comeback && mkdir /data /key && chown comeback /data /key
COPY --from=build /app/.venv /app/.venv
USER comeback
WORKDIR /home/comeback
ENV COMEBACK_DATA_DIR=/data COMEBACK_KEY_FILE=/key/comeback.key PYTHONUNBUFFERED=1
VOLUME ["/data", "/key"]
STOPSIGNAL SIGTERM
CMD ["/app/.venv/bin/comeback", "run"]
