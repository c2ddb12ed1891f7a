# Written by jobfit-manual from the tables of flags and questions.
# shellcheck shell=bash
_jobfit_models() { jobfit models --json 2>/dev/null | sed -n 's/^ \{4,8\}"id": *"\([^"]*\)".*/\1/p'; }
_jobfit_machines() { jobfit machine list --json 2>/dev/null | sed -n 's/^ \{4,8\}"id": *"\([^"]*\)".*/\1/p'; }
# One of a list; of a list with commas the last part is completed.
_jobfit_list() {
  local before='' last=$word
  case $word in *,*) before=${word%,*}, last=${word##*,} ;; esac
  mapfile -t COMPREPLY < <(compgen -P "$before" -W "$1" -- "$last")
}
_jobfit_files() {
  local found
  mapfile -t found < <(compgen -f -- "$word")
  COMPREPLY+=("${found[@]}")
  compopt -o filenames 2>/dev/null
}
_jobfit() {
  local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command='' i
  COMPREPLY=()
  [ "$previous" = = ] && previous=${COMP_WORDS[COMP_CWORD-2]}
  [ "$word" = = ] && { word=''; previous=${COMP_WORDS[COMP_CWORD-1]}; }
  case $previous in
    --job) _jobfit_list 'chat code complete agent reason answer read summarize translate extract see write tutor'; return ;;
    --language) _jobfit_list 'aa ab ace acm acq ae aeb af ak am an apc ar ars ary arz as ast av awa ay az azb ba bal ban bar be bem bg bh bho bi bjn bm bn bo br brx bs bua bug ca ce ceb ch chr cjk ckb cnr co cr crh cs csb cu cv cy da de dik doi dsb dv dyu dz ee el en eo es et eu fa ff fi fil fj fo fon fr fr-CA fur fy ga gaa gd gl gn grc gsw gu gv ha hak haw he hi hil hmn hne ho hr hsb ht hu hy hyw hz ia id ie ig ii ik ilo io is it iu ja jam jbo jv ka kab kac kam kbp kea kg kha ki kj kk kl km kmb kn ko kok kr ks ku kv kw ky la lad lb lg li lij lmo ln lo lt ltg lu lua luo lus lv mad mag mai mfe mg mh mi min mk ml mn mni mos mr ms mt mwl mww my na nah nan nap nb nd nds ne new ng nl nn nod nr nso nus nv ny oc oj om or os pa pag pap pcm pi pis pl pnb prs ps pt pt-BR qu raj rhg rm rn ro ru rue rw sa sah sat sc scn sco sd se sg shn si sk sl sm sn so sq sr sr-Latn ss st su sv sw syl szl ta taq tcy te tet tg th ti tk tlh tn to tpi tr ts tt tts tum tw ty tzm ug uk umb ur uz ve vec vi vo wa war wo wuu xh yi yo yua yue za zgh zh zh-Hans zh-Hant zu'; return ;;
    --egress) _jobfit_list 'never own-servers under-contract anywhere'; return ;;
    --tolerate) _jobfit_list 'confabulation unfaithfulness malformed-tool-calls wrong-tool-calls persona-drift language-slips over-refusal abstention overthinking forgetting weak-maths misreading slowness none'; return ;;
    --answers) _jobfit_files; return ;;
    --save-answers) _jobfit_files; return ;;
    --since) COMPREPLY=(); return ;;
    --context) COMPREPLY=(); return ;;
    --min-speed) COMPREPLY=(); return ;;
    --input) _jobfit_list 'text image audio video'; return ;;
    --license) _jobfit_list 'commercial'; return ;;
    --territory) COMPREPLY=(); return ;;
    --thinking) _jobfit_list 'on off any'; return ;;
    --machine) _jobfit_list "$(_jobfit_machines)"; _jobfit_files; return ;;
    --ram) COMPREPLY=(); return ;;
    --gpu) COMPREPLY=(); return ;;
    --vram) COMPREPLY=(); return ;;
    --bandwidth) COMPREPLY=(); return ;;
    --server) _jobfit_list "$(_jobfit_machines)"; _jobfit_files; return ;;
    --runtime) _jobfit_list 'llama.cpp ollama vllm mlx'; return ;;
    --root) mapfile -t COMPREPLY < <(compgen -d -- "$word"); compopt -o filenames; return ;;
    --record) mapfile -t COMPREPLY < <(compgen -d -- "$word"); compopt -o filenames; return ;;
    --catalog) _jobfit_files; return ;;
    --rules) _jobfit_files; return ;;
    --as-of) COMPREPLY=(); return ;;
    --quantization) _jobfit_list 'F32 BF16 F16 bf16 UD-Q8_K_XL 8bit Q8_0 FP8 INT8 UD-Q6_K_XL Q6_K 6bit Q5_1 UD-Q5_K_XL Q5_K_M Q5_K_S 5bit Q5_0 Q4_1 UD-Q4_K_XL Q4_K_M IQ4_NL UD-IQ4_NL Q4_K_S 4bit 4bit-DWQ NVFP4 Q4_0 IQ4_XS UD-IQ4_XS Q3_K_L AWQ-INT4 GPTQ-INT4 INT4 MXFP4 MXFP4_MOE mxfp4 UD-Q3_K_XL Q3_K_M UD-Q3_K_M IQ3_M UD-Q3_K_S IQ3_S UD-IQ3_S Q3_K_S 3bit IQ3_XS UD-IQ3_XXS IQ3_XXS Q2_K UD-Q2_K_L UD-Q2_K_XL Q2_K_S IQ2_M UD-IQ2_M IQ2_S IQ2_XS UD-IQ2_XXS IQ2_XXS UD-IQ1_M IQ1_M IQ1_S UD-IQ1_S'; return ;;
    --kv-cache) _jobfit_list 'f32 f16 bf16 q8_0 q5_1 q5_0 q4_1 q4_0 iq4_nl'; return ;;
    --flash-attention) _jobfit_list 'on off auto'; return ;;
    --ubatch) COMPREPLY=(); return ;;
    --parallel) COMPREPLY=(); return ;;
    --outputs) COMPREPLY=(); return ;;
    --model) _jobfit_list "$(_jobfit_models)"; _jobfit_files; return ;;
    --format) _jobfit_list 'text json markdown html'; return ;;
    --output) _jobfit_files; return ;;
    --top) COMPREPLY=(); return ;;
    --lang) _jobfit_list 'en th'; return ;;
    --color) _jobfit_list 'auto always never'; return ;;
  esac
  case $word in -*) _jobfit_list '-h --help --job --language --egress --tolerate --answers --save-answers --since --context --min-speed --input --license --territory --thinking --machine --ram --gpu --vram --bandwidth --no-gpu --server --runtime --root --record --measure --catalog --rules --as-of --quantization --kv-cache --flash-attention --ubatch --parallel --outputs --model --format --json --output --top --lang --color --no-input -q --quiet --version'; return ;; esac
  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${COMP_WORDS[i]} in
      catalog|compare|estimate|explain|machine|models|plan|why) command="${command:+$command }${COMP_WORDS[i]}" ;;
      list|show|check|add) command="${command:+$command }${COMP_WORDS[i]}" ;;
    esac
  done
  case $command in
    '') _jobfit_list 'catalog compare estimate explain machine models plan why' ;;
    'why') _jobfit_list "$(_jobfit_models)"; _jobfit_files ;;
    'compare') _jobfit_list "$(_jobfit_models)"; _jobfit_files ;;
    'plan') _jobfit_list "$(_jobfit_models)"; _jobfit_files ;;
    'estimate') _jobfit_list "$(_jobfit_models)"; _jobfit_files ;;
    'machine') _jobfit_list 'list' ;;
    'machine list') COMPREPLY=() ;;
    'models') _jobfit_list 'show' ;;
    'models show') _jobfit_list "$(_jobfit_models)"; _jobfit_files ;;
    'catalog') _jobfit_list 'check show add' ;;
    'catalog check') _jobfit_files ;;
    'catalog show') COMPREPLY=() ;;
    'catalog add') _jobfit_files ;;
    'explain') _jobfit_list 'token tokenizer parameter total-parameters active-parameters dense moe quantization ptq qat gguf safetensors mlx k-quant iq-quant imatrix mxfp4 nvfp4 fp8 bf16 awq gptq kv-cache context context-extension sliding-window linear-attention ssm gqa mla attention-sink flash-attention prefill decode time-to-first-token bandwidth compute vram unified-memory gtt offload expert-offload tensor-parallel batch speculative-decoding mtp drafter thinking tool-calling structured-output fim rag hallucination faithfulness benchmark contamination elo perplexity kl-divergence embedding projector lora distillation license open-weights instruct base chat-template' ;;
  esac
}
complete -F _jobfit jobfit
