package io.gradwatch.producer;

import io.gradwatch.records.TrainingEvent;
import io.gradwatch.schemas.RecordCodec;
import org.apache.kafka.clients.producer.Producer;

/** What it takes to send an event. */
record Link(Producer<byte[], byte[]> producer, RecordCodec<TrainingEvent> codec) {}
