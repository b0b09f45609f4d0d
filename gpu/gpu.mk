# CUDA, where nvcc is found: by NVCC, in PATH, among python3's packages.  Kernels are
# compiled for these architectures, spilled registers being errors, and run where
# there is a device.
GPU_ARCH ?= 80 89 90 100
NVCCFLAGS = -std=c++17 -O3 -Xptxas --warn-on-spills,--warning-as-error \
	  $(foreach a,$(GPU_ARCH),-gencode arch=compute_$(a),code=sm_$(a)) \
	  -gencode arch=compute_$(firstword $(GPU_ARCH)),code=compute_$(firstword $(GPU_ARCH))
find_nvcc = command -v nvcc || python3 -c 'import glob, nvidia; print(*[n \
	  for p in nvidia.__path__ for n in glob.glob(p + "/*/bin/nvcc")][:1])' 2>/dev/null
gpu_src = $(sort $(wildcard gpu/*.cu)) test/gpu/check.cu
gpu_libs = test $(may_gpu)

# What cannot be built is left out as any test is.
gpu-check:
	+@nvcc=$${NVCC:-$$($(find_nvcc))}; \
	if [ "$$nvcc" ]; then \
		$(build) NVCC="$$nvcc" $(B)/gpu/check.t && $(PROVE) $(B)/gpu/check.t || exit; \
	else \
		$(PROVE) test/gpu/no-nvcc.sh || exit; \
	fi; \
	if command -v $(CXX) >/dev/null; then \
		$(build) $(B)/gpu/emulated.t && $(PROVE) $(B)/gpu/emulated.t; \
	else \
		$(PROVE) test/gpu/no-cxx.sh; \
	fi
.PHONY: gpu-check

$(B)/cuda/%.o: %.cu
	@mkdir -p $(@D)
	$(say) NVCC $@
	$(Q)$(NVCC) $(CPPFLAGS) $(NVCCFLAGS) -MMD -MP -c -o $@ $<
# What is `inline __noinline__` there, the host's compiler has no option to bear.
$(B)/cuda/gpu/trace_field.o: NVCCFLAGS += -Xcompiler -w
$(eval $(call link,$(B)/gpu/check.t,$(gpu_src:%.cu=$(B)/cuda/%.o),$(gpu_libs),$$(NVCC) \
	-cudart static -L$$(dir $$(NVCC))../lib))

# The same on this processor's emulated threads (test/gpu/emulate.h).
$(B)/emulated/%.o: %.cu
	@mkdir -p $(@D)
	$(say) CXX $@
	$(Q)$(CXX) $(CPPFLAGS) -std=c++17 -O1 -g -include test/gpu/emulate.h -MMD -MP -x c++ -c -o $@ $<
$(B)/emulated/%.o: test/gpu/%.cpp
	@mkdir -p $(@D)
	$(say) CXX $@
	$(Q)$(CXX) $(CPPFLAGS) -std=c++17 -O1 -g -MMD -MP -c -o $@ $<
$(eval $(call link,$(B)/gpu/emulated.t,$(gpu_src:%.cu=$(B)/emulated/%.o) $(B)/emulated/emulate.o,$(gpu_libs),$$(CXX) -pthread))
