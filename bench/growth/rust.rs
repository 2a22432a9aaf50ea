// Rust's Vec, for driver.h.
use std::arch::asm;

extern "C" {
    fn arm_tick() -> u64;
}

const TICK_SLOTS: u64 = 65536;

#[inline(always)]
fn hide(mut x: i64) -> i64 {
    unsafe { asm!("/* {0} */", inout(reg) x, options(nomem, nostack, preserves_flags)) };
    x
}

#[no_mangle]
pub extern "C" fn arm_build(n: usize) {
    let mut a: Vec<i64> = Vec::new();
    for i in 0..n {
        a.push(hide(i as i64));
    }
    std::hint::black_box(&a);
}

#[no_mangle]
pub extern "C" fn arm_build_once(n: usize, look: extern "C" fn()) {
    let mut a: Vec<i64> = Vec::new();
    for i in 0..n {
        a.push(hide(i as i64));
    }
    std::hint::black_box(&a);
    look();
}

#[no_mangle]
pub unsafe extern "C" fn arm_latency(n: usize, counts: *mut u32) -> u64 {
    let mut a: Vec<i64> = Vec::new();
    let mut longest = 0;
    let mut before = arm_tick();
    for i in 0..n {
        a.push(hide(i as i64));
        let after = arm_tick();
        let ticks = after - before;
        before = after;
        longest = longest.max(ticks);
        *counts.add(ticks.min(TICK_SLOTS - 1) as usize) += 1;
    }
    std::hint::black_box(&a);
    longest
}

#[no_mangle]
pub extern "C" fn arm_many(count: usize, n: usize) -> i32 {
    let mut arrays: Vec<Vec<i64>> = Vec::with_capacity(count);
    for _ in 0..count {
        let mut a: Vec<i64> = Vec::new();
        for j in 0..n {
            a.push(hide(j as i64));
        }
        arrays.push(a);
    }
    std::hint::black_box(&arrays);
    std::mem::forget(arrays);
    1
}
