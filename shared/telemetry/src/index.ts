export {
  type AcceptableId,
  CORRELATION_META_KEY,
  type Correlation,
  currentCorrelation,
  resolveCorrelation,
  traceparentOf,
  withCorrelation,
} from './correlation.ts'
export { createLogger, type LogFields, type Logger, type LogLevel, silentLogger } from './log.ts'
export { createMetrics, type Metrics, type MetricsSnapshot } from './metrics.ts'
