package io.gradwatch.core.state;

import java.io.DataOutput;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Numbers in an array of bytes as {@link DataOutput} writes them, but many at once: the states of a
 * fleet are thousands of arrays, copied at every checkpoint.
 */
final class BigEndian {
  static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private BigEndian() {}
}
