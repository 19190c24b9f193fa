"""What the message broker may ask of a worker: one job, by its number. Also collects this app's clock tasks."""

from celery import shared_task

from . import idempotency, sealing, storage, work  # noqa: F401  (their clock tasks)


@shared_task(name="kernel.run_job", ignore_result=True)
def run_job(job_id: int) -> None:
    """Run the job of that number."""
    work.run(job_id)
