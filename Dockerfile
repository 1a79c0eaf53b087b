# The portal's image: web server, worker, beat and upgrade are this image with different commands.
FROM python:3.13-slim

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1

RUN useradd --system --uid 10001 --home-dir /srv/asurso --shell /usr/sbin/nologin asurso \
    # The volume of private files takes its owner from here.
    && install --directory --owner asurso --mode 0750 /srv/files
WORKDIR /srv/asurso

# The dependencies first: they change less often than the program.
COPY requirements.lock ./
RUN pip install --root-user-action=ignore --require-hashes -r requirements.lock

COPY . .
RUN pybabel compile -D django -d locale \
    # Production's settings refuse to be read without these; none of them stays in the image.
    && SECRET_KEY=not-used-while-building-images-at-all ENCRYPTION_KEYS=bm90LXVzZWQtd2hpbGUtYnVpbGRpbmctaW1hZ2VzISE= HASH_KEYS=not-used-while-building-images-at-all HISTORY_SEAL_KEYS=not-used-while-building-images-at-all ALLOWED_HOSTS=localhost \
       EMAIL_URL=smtp://localhost DEFAULT_FROM_EMAIL=build@localhost SMS_URL=https://localhost SMS_TOKEN=build \
       DATABASE_URL=postgres://build@localhost/build REDIS_URL=redis://localhost PRIVATE_FILES_ROOT=/srv/files \
       python manage.py collectstatic --no-input --verbosity 0

USER asurso
EXPOSE 8000
CMD ["gunicorn", "asurso.wsgi", "--bind", "0.0.0.0:8000", "--workers", "4", \
     "--no-control-socket", "--worker-tmp-dir", "/dev/shm"]
