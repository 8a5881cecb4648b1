# Hearth as one container: one process, its data in /var/lib/hearth.
FROM python:3.12-slim AS build
WORKDIR /src
COPY requirements.lock pyproject.toml README.md manifest.yml app.py cli.py ./
COPY bot bot
COPY handlers handlers
COPY scheduler scheduler
COPY storage storage
COPY sandbox sandbox
RUN python -m venv /opt/hearth \
    && /opt/hearth/bin/pip install --no-cache-dir --require-hashes -r requirements.lock \
    && /opt/hearth/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.12-slim
RUN useradd --system --uid 10001 --home-dir /var/lib/hearth --create-home hearth
COPY --from=build /opt/hearth /opt/hearth
USER hearth
WORKDIR /var/lib/hearth
VOLUME /var/lib/hearth
ENV PATH=/opt/hearth/bin:$PATH \
    DATABASE_URL=sqlite:////var/lib/hearth/hearth.db \
    PYTHONUNBUFFERED=1
# Asked inside the container, so nothing has to be published for it.
HEALTHCHECK --interval=30s --timeout=5s --start-period=15s CMD ["python", "-c", \
    "import urllib.request as r; r.urlopen('http://127.0.0.1:9464/healthz', timeout=4)"]
STOPSIGNAL SIGTERM
CMD ["hearth", "run"]
